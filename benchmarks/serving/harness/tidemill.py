"""Starts our server: `tidemill serve` where the distribution has it, else the `server` role, which takes
its configuration on standard input."""

import hashlib
import json
import os
import pathlib
import shutil

import places

ROLE_FLAGS = [
    # What the control process gives a replica (JavaCommand, ReplicaFlags), with a heap for the load.
    "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xlog:disable", "-Xlog:all=error:stderr",
    "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
    "-Xms32m", "-Xss512k", "-XX:ReservedCodeCacheSize=48m"]
MAX_BODY = 16 << 20


def dist():
    return pathlib.Path(os.environ.get("TIDEMILL_DIST", places.ROOT / "cli" / "target" / "dist"))


def artifact(model):
    """A folder as the registry makes it, and its digest."""
    folder = places.WORK / "artifacts" / model
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(places.REPOSITORY / model / "1" / "model.onnx", folder / "model.onnx")
    manifest = {"format": "onnx", "file": "model.onnx", "labels": [], "scores": "", "samples": []}
    (folder / "model.json").write_text(json.dumps(manifest))
    lines = sorted(
        f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n"
        for file in folder.iterdir())
    return folder, "sha256:" + hashlib.sha256("".join(lines).encode()).hexdigest()


def role(http, models, flags, program):
    """Command and first line of standard input."""
    sources = []
    for model in models:
        folder, digest = artifact(model)
        sources.append({"name": model, "version": "1", "digest": digest, "path": str(folder)})
    config = {
        "name": "benchmark", "host": "127.0.0.1", "port": http, "models": sources,
        "maxInFlight": 1024, "maxInFlightBytes": 1 << 30, "maxBodyBytes": MAX_BODY, "drainMillis": 0}
    names = (dist() / "classpath").read_text().strip().split(":")
    jars = ":".join(str(dist() / "lib" / name) for name in names)
    command = [program, *ROLE_FLAGS, *flags, f"-Dtidemill.dist={dist()}", f"-Dtidemill.root={places.ROOT}",
               "-cp", jars, "dev.tidemill.cli.Tidemill", "server"]
    return command, json.dumps(config) + "\n"


def repository(models, batching):
    """A Triton layout with the models and, when asked for, `config.pbtxt` that turns batching on."""
    folder = places.WORK / "tidemill-repository"
    shutil.rmtree(folder, ignore_errors=True)
    for model in models:
        version = folder / model / "1"
        version.mkdir(parents=True)
        shutil.copyfile(places.REPOSITORY / model / "1" / "model.onnx", version / "model.onnx")
        if batching.get(model):
            most, delay = batching[model]
            (folder / model / "config.pbtxt").write_text(
                f'name: "{model}"\nmax_batch_size: {most}\n'
                f"dynamic_batching {{ max_queue_delay_microseconds: {delay} }}\n")
    return folder
