"""What the soaks share: a model written by hand, a server to hold, its memory. Nothing to install; Linux only."""
import pathlib, struct, subprocess, threading

root = pathlib.Path(__file__).resolve().parent.parent


def varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def block(field, data):
    data = data.encode() if isinstance(data, str) else data
    return varint(field << 3 | 2) + varint(len(data)) + data


def number(field, value):
    return varint(field << 3) + varint(value)


def gather(numbers, first):
    """y = weights[x], FP32 of that many numbers with that first one, as onnx.proto says."""
    weights = struct.pack("<f", first) + bytes(4 * (numbers - 1))
    tensor = number(1, numbers) + number(2, 1) + block(8, "w") + block(9, weights)
    node = block(1, "w") + block(1, "x") + block(2, "y") + block(4, "Gather")
    shape = block(2, block(1, block(2, "n")))

    def value(name, kind):
        return block(1, name) + block(2, block(1, number(1, kind) + shape))

    graph = block(1, node) + block(2, "heavy") + block(5, tensor)
    graph += block(11, value("x", 7)) + block(12, value("y", 1))
    return number(1, 8) + block(7, graph) + block(8, number(2, 13))


def write(models, name, version, numbers, first):
    folder = models / name / str(version)
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(gather(numbers, first))


class Server:
    """`tidemill serve` on free ports, until the end of the `with`."""

    def __init__(self, models, *flags):
        command = [str(root / "tidemill"), "serve", "--model-repository", str(models), "--http-port", "0"]
        self.process = subprocess.Popen([*command, *flags], stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if "listening: http://" in line:
                self.address = line.split("listening: ")[1].strip()
            if " ready: " in line:
                break
        threading.Thread(target=lambda: [None for _ in self.process.stdout], daemon=True).start()

    def resident(self):
        """MiB."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise SystemExit("no VmRSS")

    def __enter__(self):
        return self

    def __exit__(self, *why):
        self.process.terminate()
        self.process.wait(30)


def judge(first, last):
    """By a fifth of the way the JVM has its size."""
    if last > 1.1 * first + 32:
        raise SystemExit(f"grew from {first:.0f} to {last:.0f} MiB")
