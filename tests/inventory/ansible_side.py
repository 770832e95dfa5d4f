"""What Ansible itself makes of a folder, in this process."""
import json

from ansible.cli.inventory import INTERNAL_VARS
from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager
from ansible.parsing.ajson import AnsibleJSONEncoder
from ansible.parsing.dataloader import DataLoader
from ansible.vars.manager import VariableManager


class Side:
    def __init__(self, folder):
        loader = DataLoader()
        self.inventory = InventoryManager(loader=loader, sources=[folder])
        self.variables = VariableManager(loader=loader, inventory=self.inventory)

    def list(self):
        """The same as `ansible-inventory --list`, whose own function needs a command line around it."""
        out = {}
        for group in self.inventory.groups.values():
            one = {}
            if group.child_groups:
                one["children"] = [child.name for child in group.child_groups]
            if group.hosts and group.name != "all":
                one["hosts"] = [host.name for host in group.hosts]
            if one:
                out[group.name] = one
        hosts = {}
        for host in self.inventory.get_hosts():
            variables = self.variables.get_vars(host=host, include_hostvars=False, stage="all")
            variables = {key: value for key, value in variables.items() if key not in INTERNAL_VARS}
            if variables:
                hosts[host.name] = variables
        out["_meta"] = {"hostvars": hosts}
        return json.loads(json.dumps(out, cls=AnsibleJSONEncoder, preprocess_unsafe=True))

    def select(self, pattern):
        try:
            return [host.name for host in self.inventory.get_hosts(pattern)]
        except AnsibleError:
            return []
