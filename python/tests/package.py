"""Run in an empty environment with nothing but the wheel in it: `python package.py FOLDER`, where the licences lie."""

import importlib.metadata
import subprocess
import sys
import sysconfig
from pathlib import Path

import cxauth

licences = Path(sys.argv[1])
distribution = importlib.metadata.distribution("cxauth")
files = {str(file): file.locate() for file in distribution.files or []}

assert Path(cxauth.__file__).is_relative_to(sysconfig.get_path("platlib")), cxauth.__file__
assert cxauth.__version__ == distribution.version
assert distribution.metadata["License-Expression"] == "MIT OR Apache-2.0"
assert distribution.metadata["Requires-Python"] == ">=3.10"
assert distribution.metadata["Description-Content-Type"].startswith("text/markdown")
assert (distribution.read_text("METADATA") or "").count("\n# cxauth\n") == 1
assert set(distribution.metadata.get_all("Provides-Extra") or []) == {"aiohttp", "httpx", "requests"}
assert all("extra ==" in requirement for requirement in distribution.requires or []), "it depends on nothing"
assert {"cxauth/py.typed", "cxauth/_native.pyi", "cxauth/_native.abi3.so"} <= {
    name.replace(".pyd", ".abi3.so") for name in files
}
assert not [name for name in files if "test" in name or "bench" in name]
for licence in ("LICENSE-MIT", "LICENSE-APACHE"):
    (packed,) = (path for name, path in files.items() if name.endswith(f"licenses/{licence}"))
    assert Path(packed).read_bytes() == (licences / licence).read_bytes()

assert cxauth.Client(api_key="key", hosts=["api.example"]).headers("https://api.example/") == {
    "authorization": "Bearer key"
}
for extra in ("httpx", "requests", "aiohttp"):
    program = [sys.executable, "-c", f"import cxauth.{extra}"]
    complaint = subprocess.run(program, capture_output=True, text=True, check=False).stderr
    assert f"pip install 'cxauth[{extra}]'" in complaint, complaint
listed = subprocess.run(
    [sys.executable, "-m", "cxauth", "platforms"], check=True, capture_output=True, text=True
).stdout
assert "cisco-cx-cloud" in listed
print(f"cxauth {cxauth.__version__} in {sys.version.split()[0]}: as it should be")
