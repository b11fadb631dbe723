"""Entry of the converter: started by `tidemill import`, never by hand.

    python convert.py inspect FILE          what a file says of itself, without running any of it
    python convert.py convert REQUEST.json  convert, run both models, tell the differences

Standard output carries one JSON object a line, with an `event`; what libraries print goes to standard
error, into the log. The last line is `result` or `refused`.
"""

import json
import os
import sys
import traceback


class Refused(Exception):
    """Something that cannot be converted, in words for the user."""

    def __init__(self, what, todo=""):
        super().__init__(what)
        self.what = what
        self.todo = todo


class Events:
    def __init__(self, stream):
        self.stream = stream

    def say(self, event, **fields):
        self.stream.write(json.dumps({"event": event, **fields}, allow_nan=False) + "\n")
        self.stream.flush()

    def step(self, text):
        self.say("step", text=text)

    def note(self, text):
        self.say("note", text=text)


def claim_output():
    """Our lines go to the real standard output; everybody else's prints go to standard error."""
    ours = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return Events(ours)


def convert(request, events):
    kind = request["kind"]
    if kind == "sklearn":
        import from_sklearn as source
    elif kind == "torch":
        import from_torch as source
    elif kind == "transformers":
        import from_transformers as source
    elif kind == "saved-model":
        import from_saved_model as source
    else:
        raise Refused("kind: '%s' is not known" % kind)
    import check

    converted = source.convert(request, events)
    check.run(request, converted, events)


def main(arguments):
    # Imported again by the other files: there must be one class Refused, not two.
    sys.modules["convert"] = sys.modules[__name__]
    events = claim_output()
    try:
        if arguments[0] == "inspect":
            import sniff

            events.say("result", **sniff.inspect(arguments[1]))
        else:
            with open(arguments[1], encoding="utf-8") as file:
                convert(json.load(file), events)
        return 0
    except Refused as refused:
        traceback.print_exc()
        events.say("refused", what=refused.what, todo=refused.todo)
        return 3
    except MemoryError:
        events.say("refused", what="memory: used up", todo="convert on a machine with more memory")
        return 3
    except Exception as error:  # the log has the trace, the user one line
        traceback.print_exc()
        events.say(
            "refused",
            what="%s: %s" % (type(error).__name__, " ".join(str(error).split())[:600]),
            todo="",
        )
        return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
