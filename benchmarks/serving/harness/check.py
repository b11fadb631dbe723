"""Do a server's answers equal the ceiling's?"""

import dataclasses

import numpy as np

import places
import wire

RELATIVE = 1e-4
ABSOLUTE = 1e-6


@dataclasses.dataclass
class Verdict:
    right: int = 0
    wrong: int = 0
    different: int = 0  # right, but not bit for bit
    variants: int = 0
    why: str = ""

    def words(self):
        return {"verified": self.right, "wrong": self.wrong, "not_bit_equal": self.different,
                **({"why": self.why} if self.why else {})}


class Expected:
    def __init__(self, ceiling):
        self.ceiling = ceiling
        self.known = {}

    def of(self, workload):
        """The outputs of each request, as the ceiling computed them."""
        if workload.name not in self.known:
            folder = places.WORK / "expected" / workload.name
            self.ceiling.ask(f"outputs {workload.name} {folder}")
            self.known[workload.name] = folder
        return self.known[workload.name]

    def check(self, workload, dialect, protocol, samples):
        folder, read = self.of(workload), wire.DIALECTS[dialect, protocol][1]
        verdict, seen = Verdict(), set()
        for variant, body in wire.read_samples(samples):
            seen.add(variant)
            try:
                exact = self.compare(workload, folder, variant, read(workload, body))
                verdict.right += 1
                verdict.different += not exact
            except (ValueError, KeyError, TypeError, IndexError) as e:
                verdict.wrong += 1
                verdict.why = f"{type(e).__name__}: {e}"[:200]
        verdict.variants = len(seen)
        return verdict

    @staticmethod
    def compare(workload, folder, variant, outputs):
        """Whether they are equal bit for bit; raises where they are not even close."""
        exact = True
        for name, got in zip(workload.outputs, outputs, strict=True):
            want = np.fromfile(folder / f"{variant}.{name}.bin", workload.numpy)
            if got.size != want.size or got.shape[0] != workload.rows:
                raise ValueError(f"{name} has shape {got.shape}")
            equal = np.array_equal(got.ravel(), want)
            if not equal and (workload.exact or not np.allclose(got.ravel(), want, RELATIVE, ABSOLUTE)):
                raise ValueError(f"{name} of request {variant} differs")
            exact &= equal
        return exact
