"""Prints what the native module has, an item a line: its name, a tab, and how it is declared."""

import inspect

import cxauth
from cxauth import _native


def declared(item):
    if not callable(item):
        return "attribute"
    try:
        parameters = inspect.signature(item).parameters
    except ValueError:
        return "without a signature"
    return f"({','.join(name for name in parameters if name != 'self')})"


for name in _native.__all__:
    item = getattr(_native, name)
    if not inspect.isclass(item):
        print(name, declared(item), sep="\t")
        continue
    print(name, "enum" if hasattr(item, "__int__") else "class", sep="\t")
    for member, value in vars(item).items():
        if not member.startswith("_"):
            print(f"{name}.{member}", "variant" if isinstance(value, item) else declared(value), sep="\t")

try:
    _native.open_connection("{}")
except cxauth.AuthError as error:
    fields = {name for name in dir(error) if not name.startswith("_")}
    if str(error):
        fields.add("explanation")
    print("AuthError", ",".join(sorted(fields)), sep="\t")
