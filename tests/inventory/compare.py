#!/usr/bin/env python3
"""compare.py MUSTER CASES SEEDS: reads each case, and SEEDS random ones, with Muster and with Ansible, and compares.

A case is a folder with inventory/ and a file `patterns`. Whoever says something else than Ansible is wrong: Muster.
Cases are read by the real commands, ansible-inventory --list and ansible PATTERN --list-hosts for the first pattern;
further patterns and random cases by the same code of Ansible's in this process, which is 100 times as fast.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)
os.environ["ANSIBLE_CONFIG"] = os.path.join(here, "ansible.cfg")
import ansible_side  # noqa: E402  (after the environment: Ansible reads it when it is imported)
import random_case  # noqa: E402

# What a run of Ansible adds by itself.
PROFILE = "profile"


def output_of(argv, cwd):
    done = subprocess.run(argv, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


class Comparison:
    def __init__(self, muster, empty):
        self.muster = muster
        self.empty = empty
        self.wrong = 0
        self.compared = 0
        self.refused = 0

    def same(self, what, ansible, muster):
        self.compared += 1
        if ansible != muster:
            self.wrong += 1
            print(f"DIFFERENT: {what}\n  ansible: {ansible}\n  muster:  {muster}")

    def muster_list(self, case):
        code, out, err = output_of([self.muster, "-C", case, "hosts", "--list"], self.empty)
        if code != 0:
            return None, err
        return json.loads(out), err

    def lists(self, name, case, ansible):
        muster, err = self.muster_list(case)
        if muster is None:
            return self.same(f"{name}: --list", "is read", err)
        ansible["_meta"].pop(PROFILE, None)
        theirs, ours = ansible.pop("_meta")["hostvars"], muster.pop("_meta")["hostvars"]
        self.same(f"{name}: groups", ansible, muster)
        self.same(f"{name}: hosts with variables", sorted(theirs), sorted(ours))
        for host in theirs:
            for key in sorted(set(theirs[host]) | set(ours.get(host, {}))):
                pair = [side.get(host, {}).get(key, "(absent)") for side in (theirs, ours)]
                self.same(f"{name}: {host}: {key}", *pair)

    def pattern(self, name, case, pattern, side, in_order):
        ansible = side.select(pattern)
        code, out, err = output_of([self.muster, "-C", case, "hosts", "--json", pattern], self.empty)
        ours = [json.loads(line)["name"] for line in out.splitlines()]
        if code != 0:
            ours = [] if "selects no host" in err or "has only" in err else err
            part = re.search("`(.*)` (is|fits) no host ", err)
            if part and not side.select(part[1]):  # Ansible warns of it and goes on; Muster refuses
                self.refused += 1
                return
        if not in_order and isinstance(ours, list):
            ours, ansible = sorted(ours), sorted(ansible)
        self.same(f"{name}: pattern {pattern!r}", ansible, ours)

    def case(self, name, case):
        inventory = os.path.join(case, "inventory")
        code, out, err = output_of(["ansible-inventory", "-i", inventory, "--list"], self.empty)
        if code != 0:
            return self.same(f"{name}: ansible-inventory", 0, err)
        self.lists(name, case, json.loads(out))
        with open(os.path.join(case, "patterns"), encoding="utf-8") as file:
            lines = file.read().splitlines()
        in_order = not any(line.startswith("#") for line in lines)
        patterns = [line for line in lines if not line.startswith("#")]
        side = ansible_side.Side(inventory)
        for pattern in patterns:
            self.pattern(name, case, pattern, side, in_order)
        code, out, err = output_of(["ansible", "-i", inventory, patterns[0], "--list-hosts"], self.empty)
        self.same(f"{name}: the same by `ansible`", [line.strip() for line in out.splitlines()[1:]], side.select(patterns[0]))

    def random(self, seed):
        with tempfile.TemporaryDirectory() as case:
            patterns = random_case.write(seed, case)
            side = ansible_side.Side(os.path.join(case, "inventory"))
            self.lists(f"seed {seed}", case, side.list())
            for pattern in patterns:
                self.pattern(f"seed {seed}", case, pattern, side, False)


def main():
    muster, cases, seeds = os.path.abspath(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    with tempfile.TemporaryDirectory() as empty:
        os.environ["HOME"] = empty
        comparison = Comparison(muster, empty)
        names = sorted(os.listdir(cases))
        for name in names:
            comparison.case(name, os.path.abspath(os.path.join(cases, name)))
        for seed in range(seeds):
            comparison.random(seed)
    print(f"{len(names)} cases, {seeds} random ones: {comparison.compared} comparisons, "
          f"{comparison.wrong} different, {comparison.refused} patterns refused because a part of them matches nothing")
    return 1 if comparison.wrong or not comparison.compared else 0


if __name__ == "__main__":
    sys.exit(main())
