"""What a pickle says of itself, read without loading it: which modules it names and the version of
scikit-learn that wrote it. Needs the standard library only, and runs no byte of the file."""

import bz2
import gzip
import json
import lzma
import re
import zipfile
import zlib

MOST_BYTES = 64 << 20
VERSION = re.compile(
    rb"_sklearn_version(?:\x94|q.|r....)?(?:\x8c(.)|X(..)\x00\x00)(\d+\.\d+(?:\.[0-9a-z]+)*)", re.S
)
# A short text that is followed by another and STACK_GLOBAL, or a text after GLOBAL: protocols 2 to 5.
STACK_GLOBAL = re.compile(
    rb"\x8c.([A-Za-z_][A-Za-z0-9_.]*)\x94\x8c.([A-Za-z_][A-Za-z0-9_.]*)\x94\x93", re.S
)
GLOBAL = re.compile(rb"c([A-Za-z_][A-Za-z0-9_.]*)\n([A-Za-z_][A-Za-z0-9_.]*)\n")


def inspect(path):
    if zipfile.is_zipfile(path):
        return inspect_zip(path)
    content = plain(path)
    version = VERSION.search(content)
    return {
        "format": "pickle",
        "version": version.group(3).decode("ascii") if version else "",
        "classes": classes(content),
    }


def plain(path):
    """The first bytes, unpacked: joblib packs in any of these ways."""
    with open(path, "rb") as file:
        head = file.read(6)
    if head[:2] == b"\x1f\x8b":
        opener = gzip.open
    elif head[:3] == b"BZh":
        opener = bz2.open
    elif head[:5] in (b"\xfd7zXZ", b"]\x00\x00\x80\x00", b"]\x00\x00\x00\x04") or head[:3] == b"]\x00\x00":
        opener = lzma.open
    elif head[:1] == b"\x78":
        with open(path, "rb") as file:
            return zlib.decompressobj().decompress(file.read(MOST_BYTES), MOST_BYTES)
    else:
        opener = open
    try:
        with opener(path, "rb") as file:
            return file.read(MOST_BYTES)
    except (OSError, EOFError, lzma.LZMAError):
        return b""


def classes(content):
    found = set()
    for pattern in (STACK_GLOBAL, GLOBAL):
        for module, name in pattern.findall(content):
            found.add("%s.%s" % (module.decode("ascii"), name.decode("ascii")))
    return sorted(found)[:500]


def inspect_zip(path):
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if "schema.json" in names and archive.getinfo("schema.json").file_size <= MOST_BYTES:
            text = archive.read("schema.json").decode("utf-8", "replace")
            return {
                "format": "skops",
                "version": skops_version(json.loads(text)),
                "classes": sorted(set(skops_classes(json.loads(text))))[:500],
            }
    if any(name.endswith("/constants.pkl") for name in names):
        return {"format": "torchscript", "version": "", "classes": []}
    if any(name.endswith(("models/model.json", "serialized_exported_program.json")) for name in names):
        return {"format": "exported-program", "version": "", "classes": []}
    pickled = [name for name in names if name.endswith("/data.pkl")]
    if pickled:
        with zipfile.ZipFile(path) as archive:
            with archive.open(pickled[0]) as file:
                content = file.read(MOST_BYTES)
        return {"format": "torch-pickle", "version": "", "classes": classes(content)}
    return {"format": "zip", "version": "", "classes": []}


def skops_version(node):
    for key, value in walk(node):
        if key == "_sklearn_version" and isinstance(value, dict):
            content = value.get("content", "")
            return str(content).strip('"')
    return ""


def skops_classes(node):
    for _, value in walk({"": node}):
        if isinstance(value, dict) and "__class__" in value:
            yield "%s.%s" % (value.get("__module__", ""), value["__class__"])


def walk(node):
    if isinstance(node, dict):
        for key, value in node.items():
            yield key, value
            yield from walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from walk(value)
