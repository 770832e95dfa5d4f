"""A random inventory: the same one for the same seed."""
import os
import random

NAMES = ["v", "w", "x", "ansible_host", "ansible_port"]


class Case:
    def __init__(self, seed, folder):
        self.random = random.Random(seed)
        self.folder = os.path.join(folder, "inventory")
        self.groups = [f"g{self.random.randrange(100)}-{i}" for i in range(self.random.randrange(2, 9))]
        self.hosts = [f"h{i:02}" for i in range(self.random.randrange(2, 12))]

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def some(self, of, most=3):
        return self.random.sample(of, min(len(of), self.random.randrange(most + 1)))

    def variables(self, priority=False):
        names = self.some(NAMES)
        if priority and self.random.random() < 0.2:
            names.append("ansible_group_priority")
        return {name: self.random.randrange(1, 50) for name in names}

    def host_words(self):
        """Hosts, and now and then a range of them."""
        words = self.some(self.hosts, 5)
        if self.random.random() < 0.3:
            first = self.random.randrange(0, 20)
            words.append(f"r[{first:02}:{first + self.random.randrange(0, 5):02}]")
        return words

    def children(self, at):
        """Only later groups: no circles."""
        return self.some(self.groups[at + 1:], 2)

    def ini(self):
        out = []
        for word in self.some(self.hosts, 2):
            out.append(word + "".join(f" {k}={v}" for k, v in self.variables().items()))
        for at in self.random.sample(range(len(self.groups)), len(self.groups)):
            group = self.groups[at]
            out.append(f"[{group}]")
            for word in self.host_words():
                port = f":{self.random.randrange(1, 99)}" if self.random.random() < 0.2 else ""
                out.append(word + port + "".join(f" {k}={v}" for k, v in self.variables().items()))
            children = self.children(at)
            if children:
                out += [f"[{group}:children]"] + children
            variables = self.variables(priority=True)
            if variables:
                out += [f"[{group}:vars]"] + [f"{k} = {v}" for k, v in variables.items()]
        return "\n".join(out) + "\n"

    def yaml_group(self, at, depth):
        pad = "  " * depth
        out = f"{pad}{self.groups[at]}:\n"
        parts = ["hosts", "children", "vars"]
        self.random.shuffle(parts)
        for part in parts:
            if part == "hosts":
                words = self.host_words()
                out += f"{pad}  hosts:{'' if words else ' {}'}\n"
                for word in words:
                    out += f"{pad}    {word}: {{{', '.join(f'{k}: {v}' for k, v in self.variables().items())}}}\n"
            elif part == "vars":
                out += f"{pad}  vars: {{{', '.join(f'{k}: {v}' for k, v in self.variables(priority=True).items())}}}\n"
            else:
                children = [self.groups.index(child) for child in self.children(at)]
                out += f"{pad}  children:{'' if children else ' {}'}\n"
                for child in children:
                    out += self.yaml_group(child, depth + 2) if depth < 4 else f"{pad}    {self.groups[child]}:\n"
        return out

    def yaml(self):
        starts = self.some(range(len(self.groups)), 4) or [0]
        return "".join(self.yaml_group(at, 0) for at in starts)

    def files(self):
        for i in range(self.random.randrange(1, 4)):
            if self.random.random() < 0.5:
                self.write(f"{i}-hosts", self.ini())
            else:
                self.write(f"{i}-hosts.yaml", self.yaml())
        for kind, names in (("group_vars", self.groups + ["all", "ungrouped"]), ("host_vars", self.hosts + ["r01", "r05"])):
            for name in self.some(names, 5):
                end = self.random.choice(["", ".yml", ".yaml", ".json", "/a.yml", "/sub/b"])
                self.write(f"{kind}/{name}{end}", "{" + ", ".join(f'"{k}": {v}' for k, v in self.variables().items()) + "}\n")


def write(seed, folder):
    """Writes FOLDER/inventory/ and returns patterns to try on it."""
    case = Case(seed, folder)
    case.files()
    return ["all", "*", "h0*:!h01*", "r*", "g*:&h*", "all:!g*", "h*[0:2]", "*:&r*"]
