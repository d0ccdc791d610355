"""The libraries, what their functions need to be called, and their sources from Debian: see libraries.py."""

import dataclasses
import hashlib
import re
import shutil
import subprocess


@dataclasses.dataclass
class Library:
    package: str
    sources: list  # glob patterns below the sources
    flags: list
    wanted_translated: float  # of all functions
    wanted_equal: float  # of all functions of other files' use (not static)
    own: str  # a part of the path of the files whose functions count
    prepare: object = None  # called with the folder of the sources
    inputs: dict = dataclasses.field(default_factory=dict)  # parameter -> function(rng) -> value, or "function.parameter"
    leave_out: str = r"$^"  # file names
    length: int = 32  # of arrays whose length is not declared
    callbacks: str = ""  # C of functions that are passed as arguments
    callback_of: dict = dataclasses.field(default_factory=dict)  # type of a parameter -> name of a callback


def integers(low, high):
    return lambda rng: rng.randint(low, high)


def reals(low, high):
    return lambda rng: rng.uniform(low, high)


def prepare_musl(folder):
    """Headers that musl's own build writes; long double as on machines where it is double; hidden functions can be called."""
    bits = folder / "obj" / "bits"
    bits.mkdir(parents=True, exist_ok=True)
    shutil.copy(folder / "arch/arm/bits/float.h", bits)
    script = (folder / "tools/mkalltypes.sed", folder / "arch/x86_64/bits/alltypes.h.in", folder / "include/alltypes.h.in")
    (bits / "alltypes.h").write_bytes(subprocess.run(["sed", "-f", *map(str, script)], capture_output=True, check=True).stdout)
    features = folder / "src/include/features.h"
    features.write_text(re.sub(r"#define hidden .*", "#define hidden", features.read_text()))


CALLBACKS = """
int call_nn(void *p, int n, const double *x, double *fvec, int iflag) {
  for (int i = 0; i < n; i++) fvec[i] = x[i] * x[i] * 0.5 - (i > 0 ? x[i - 1] : 1.0) + 0.25 * i;
  return 0;
}
int call_der_nn(void *p, int n, const double *x, double *fvec, double *fjac, int ldfjac, int iflag) {
  for (int i = 0; i < n; i++) {
    if (iflag == 1) fvec[i] = x[i] * x[i] * 0.5 - (i > 0 ? x[i - 1] : 1.0) + 0.25 * i;
    else for (int j = 0; j < n; j++) fjac[i + j * ldfjac] = i == j ? x[i] : i == j + 1 ? -1.0 : 0.0;
  }
  return 0;
}
int call_mn(void *p, int m, int n, const double *x, double *fvec, int iflag) {
  for (int i = 0; i < m; i++) fvec[i] = x[i % n] * (1.0 + 0.5 * i) - 0.3 * i * i;
  return 0;
}
int call_der_mn(void *p, int m, int n, const double *x, double *fvec, double *fjac, int ldfjac, int iflag) {
  for (int i = 0; i < m; i++) {
    if (iflag == 1) fvec[i] = x[i % n] * (1.0 + 0.5 * i) - 0.3 * i * i;
    else for (int j = 0; j < n; j++) fjac[i + j * ldfjac] = j == i % n ? 1.0 + 0.5 * i : 0.0;
  }
  return 0;
}
int call_str_mn(void *p, int m, int n, const double *x, double *fvec, double *fjrow, int iflag) {
  if (iflag == 1) for (int i = 0; i < m; i++) fvec[i] = x[i % n] * (1.0 + 0.5 * i) - 0.3 * i * i;
  else for (int j = 0; j < n; j++) fjrow[j] = j == (iflag - 2) % n ? 1.0 + 0.5 * (iflag - 2) : 0.0;
  return 0;
}
"""

LIBRARIES = {
    "erfa": Library("erfa", ["src/*.c"], ["-Isrc"], 0.9, 0.9, "/src/", leave_out=r"^t_erfa|^erfaversion",
                    inputs={"iy": integers(1890, 2120), "im": integers(-1, 14), "id": integers(-1, 33), "ihr": integers(-1, 25),
                            "imn": integers(-1, 61), "ndp": integers(-6, 10), "days": reals(-40, 40), "angle": reals(-40, 40), "n": integers(1, 3), "date1": reals(2.4e6, 2.5e6),
                            "date2": reals(-1e4, 1e4), "dj1": reals(2.4e6, 2.5e6), "dj2": reals(-1e4, 1e4), "tt1": reals(2.4e6, 2.5e6),
                            "ut11": reals(2.4e6, 2.5e6), "utc1": reals(2.4e6, 2.5e6), "tai1": reals(2.4e6, 2.5e6)}),
    "musl": Library("musl", ["src/math/*.c", "src/fenv/fenv.c"],
                    ["-std=c99", "-nostdinc", "-ffreestanding", "-D_XOPEN_SOURCE=700", "-Iobj", "-Iarch/x86_64", "-Iarch/generic",
                     "-Isrc/include", "-Isrc/internal", "-Iinclude", "-mlong-double-64"], 0.8, 0.8, "/src/math/", prepare_musl,
                    inputs={f"{f}.n": integers(-60, 60) for f in ("jn", "yn", "jnf", "ynf")} |
                    {"__rem_pio2_large.e0": integers(0, 900), "__rem_pio2_large.nx": integers(1, 3), "__rem_pio2_large.prec": integers(0, 2),
                     "__rem_pio2_large.x": lambda rng: [float(rng.randint(1, 2**24 - 1)) for _ in range(32)]}),
    "cminpack": Library("cminpack", ["*.c"], ["-I."], 0.8, 0.8, "/", leave_out=r"_\.c$", length=128, callbacks=CALLBACKS,
                        callback_of={"cminpack_func_nn": "call_nn", "cminpack_funcder_nn": "call_der_nn", "cminpack_func_mn": "call_mn",
                                     "cminpack_funcder_mn": "call_der_mn", "cminpack_funcderstr_mn": "call_str_mn"},
                        inputs={"m": integers(3, 5), "n": integers(1, 3), **{ld: integers(5, 5) for ld in ("lda", "ldq", "ldr", "ldfjac")},
                                "lr": integers(6, 6), "ls": integers(24, 24), "lwa": integers(128, 128), "lipvt": integers(5, 5),
                                "ml": integers(0, 3), "mu": integers(0, 3), "mode": integers(1, 2), "nprint": integers(0, 0),
                                "maxfev": integers(1, 60), "i": integers(1, 3), "pivot": integers(0, 1),
                                "ipvt": lambda rng: rng.sample([1, 2, 3], 3) + [1] * 125,
                                "covar.ipvt": lambda rng: [1, 2, 3] + [1] * 125, "tol": reals(0, 1e-3),
                                "ftol": reals(0, 1e-3), "xtol": reals(0, 1e-3), "gtol": reals(0, 1e-3), "epsfcn": reals(0, 1e-6),
                                "factor": reals(0.1, 100), "delta": reals(0.01, 10),
                                **{a: lambda rng: [rng.uniform(-3, 3) for _ in range(128)] for a in ("wa", "fjac", "r", "a", "q", "s")}}),
}


# ---- sources ----


def download(library, folder):
    """The unpacked sources, or None and why. Only this script's own apt folders and sources.list are used."""
    apt = folder / "apt"
    for part in ("lists/partial", "cache/archives/partial", "state"):
        (apt / part).mkdir(parents=True, exist_ok=True)
    release = next((line.split("=")[1].strip('"\n') for line in open("/etc/os-release") if line.startswith("VERSION_CODENAME")), "bookworm")
    keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
    (apt / "sources.list").write_text(f"deb-src [signed-by={keyring}] http://deb.debian.org/debian {release} main\n")
    settings = {"Dir::Etc::sourcelist": apt / "sources.list", "Dir::Etc::sourceparts": "/dev/null", "Dir::State": apt / "state",
                "Dir::State::lists": apt / "lists", "Dir::Cache": apt / "cache", "Acquire::Retries": "1", "Acquire::http::Timeout": "20"}
    options = [f"-o{key}={value}" for key, value in settings.items()]
    if not any((apt / "lists").glob("*Sources*")):
        done = subprocess.run(["apt-get", *options, "-qq", "update"], capture_output=True, text=True)
        if done.returncode != 0:
            return None, done.stderr.strip().splitlines()[-1:] or "apt-get update failed"
    if not list(folder.glob(f"{library.package}_*.dsc")):
        subprocess.run(["apt-get", *options, "-qq", "source", "--download-only", library.package], cwd=folder, capture_output=True)
    return unpack(library, folder)


def unpack(library, folder):
    """The upstream archive alone, if it is the one that the .dsc names."""
    for dsc in folder.glob(f"{library.package}_*.dsc"):
        for digest, name in re.findall(r"^ ([0-9a-f]{64}) \d+ (\S+\.orig\.tar\.\S+)$", dsc.read_text(), re.MULTILINE):
            archive = folder / name
            if not archive.exists() or name.endswith(".asc"):
                continue
            if hashlib.sha256(archive.read_bytes()).hexdigest() != digest:
                return None, f"{name} is not what {dsc.name} says"
            target = folder / library.package
            if not target.exists():
                target.mkdir()
                subprocess.run(["tar", "xf", str(archive), "--strip-components=1", "-C", str(target)], check=True)
            return target, None
    return None, f"no source package '{library.package}'"
