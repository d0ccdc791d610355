"""What the functions of a C library take and give, from Clang's tree: see libraries.py."""

import concurrent.futures
import dataclasses
import json
import re
import subprocess

CLANG = "clang-19"
KINDS = {"double": "f64", "float": "f32", "char": "i8", "signed char": "i8", "unsigned char": "u8", "short": "i16", "unsigned short": "u16",
         "int": "i32", "unsigned int": "u32", "long": "i64", "unsigned long": "u64", "long long": "i64", "unsigned long long": "u64",
         "long double": "f64", "void": "void"}


@dataclasses.dataclass
class Parameter:
    name: str
    kind: str  # "f64", ..., "record", "function", "void*"
    pointer: bool = False
    dims: tuple = ()  # behind the first
    record: list = None  # [(field, kind, dims)]
    type_name: str = ""


class Signatures:
    """Functions with a body of one source file, from Clang's tree."""

    def __init__(self, tree, is_own):
        self.typedefs, self.records, self.functions, self.last_record = {}, {}, {}, None
        for node in tree["inner"]:
            kind = node.get("kind")
            if kind == "RecordDecl" and node.get("completeDefinition"):
                self.last_record = [(f["name"], f["type"]) for f in node.get("inner", []) if f["kind"] == "FieldDecl" and "name" in f]
                if "name" in node:
                    self.records[f"{node['tagUsed']} {node['name']}"] = self.last_record
            if kind == "TypedefDecl":
                text = node["type"].get("desugaredQualType", node["type"]["qualType"])
                is_record = node["type"]["qualType"].startswith("struct ")
                if is_record and text not in self.records and self.last_record is not None:
                    self.records[text] = self.records[node["type"]["qualType"]] = self.last_record
                self.typedefs[node["name"]] = node["type"]["qualType"] if "(*)(" not in text else node["name"]
            has_body = kind == "FunctionDecl" and any(part["kind"] == "CompoundStmt" for part in node.get("inner", []))
            if has_body and is_own(node) and node.get("storageClass") != "static" and not node.get("inline"):
                self.functions[node["name"]] = self.function(node)

    def resolved(self, text):
        text = re.sub(r"\b(const|volatile|restrict|__restrict)\b", "", text)
        text = re.sub(r"\s+", " ", text).strip()
        base = re.match(r"[\w ]+", text).group().strip() if re.match(r"\w", text) else ""
        for _ in range(8):
            if base not in self.typedefs or self.typedefs[base] == base:
                break
            text = text.replace(base, self.typedefs[base], 1)
            base = re.match(r"[\w ]+", text).group().strip()
        return re.sub(r"\s+", " ", text).strip()

    def function(self, node):
        text = node["type"]["qualType"]
        result = self.resolved(text[:text.index("(")])
        parameters = [self.parameter(p.get("name", ""), p["type"]["qualType"]) for p in node["inner"] if p["kind"] == "ParmVarDecl"]
        return KINDS.get(result), parameters

    def parameter(self, name, written):
        text = self.resolved(written)
        shape = re.fullmatch(r"([\w ]+?) ?(\*|\(\*\)((?:\[\d+\])+))?", text)
        if not shape or "(*)(" in written or text in self.typedefs:
            return Parameter(name, "function", type_name=re.sub(r"\bconst\b", "", written).strip())
        base, pointer = shape.group(1), bool(shape.group(2))
        dims = tuple(int(d) for d in re.findall(r"\d+", shape.group(3) or ""))
        if base == "void":
            return Parameter(name, "void*")
        if base in self.records:
            return Parameter(name, "record", pointer, dims, [self.field(f, t) for f, t in self.records[base]])
        return Parameter(name, KINDS.get(base, "unknown"), pointer, dims)

    def field(self, name, field_type):
        text = self.resolved(field_type["qualType"])
        return name, KINDS.get(re.match(r"[\w ]+?(?= ?\[|$)", text).group(), "unknown"), tuple(int(d) for d in re.findall(r"\[(\d+)\]", text))


def signatures(library, folder, files):
    def of_file(path):
        done = subprocess.run([CLANG, "-fsyntax-only", "-w", "-Xclang", "-ast-dump=json", *library.flags, str(path)], cwd=folder,
                              capture_output=True, text=True, check=True)
        in_headers = [False]

        def is_own(node):  # a node names its file only where that changes
            place = node.get("loc", {})
            place = place.get("expansionLoc", place)
            if "file" in place:
                in_headers[0] = "includedFrom" in place
            return "includedFrom" not in place

        return Signatures(json.loads(done.stdout), is_own).functions

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return {name: signature for functions in pool.map(of_file, files) for name, signature in functions.items()}
