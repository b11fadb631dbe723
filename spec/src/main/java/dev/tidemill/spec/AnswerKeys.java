package dev.tidemill.spec;

import dev.tidemill.common.ByteSize;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueTypes;
import java.time.Duration;

/// The keys of a gateway's `audit`.
final class AnswerKeys {
    static final Key.Value<String> FILE =
            new Key.Value<>(
                    "file",
                    ValueTypes.text("a path", 1000),
                    Presence.otherwise("audit.jsonl"),
                    "Where a gateway that runs alone writes, one JSON object a line; relative to the"
                            + " folder of this file. Under `up`, control keeps them.");
    static final Key.Value<ByteSize> MAX_FILE_SIZE =
            new Key.Value<>(
                    "maxFileSize",
                    ValueTypes.size("64Ki", "10Gi"),
                    Presence.otherwise("64Mi"),
                    "A file that is full becomes FILE.1, the one before it FILE.2, and so on.");
    static final Key.Value<Integer> KEEP =
            new Key.Value<>(
                    "keep",
                    ValueTypes.whole(0, 1000),
                    Presence.otherwise("5"),
                    "Full files beside the current one; the oldest is deleted.");
    static final Key.Value<Double> PAYLOAD_PERCENT =
            new Key.Value<>(
                    "payloadPercent",
                    ValueTypes.number(0, 100),
                    Presence.otherwise("0"),
                    "The share of the requests of which the beginning of request and answer is"
                            + " written down too, as guardrails left them. People's words are in"
                            + " there.");
    static final Key.Value<ByteSize> MAX_PAYLOAD =
            new Key.Value<>(
                    "maxPayload",
                    ValueTypes.size("1", "64Ki"),
                    Presence.otherwise("4Ki"),
                    "How much of each.");
    static final Key.Value<Duration> MAX_AGE =
            new Key.Value<>(
                    "maxAge",
                    ValueTypes.duration("1m", "3650d"),
                    Presence.otherwise("30d"),
                    "How long control keeps a record.");
    static final Key.Value<Integer> MAX_RECORDS =
            new Key.Value<>(
                    "maxRecords",
                    ValueTypes.whole(1, 1_000_000_000),
                    Presence.otherwise("1000000"),
                    "How many control keeps; the oldest go.");
    static final Key.Value<ByteSize> MAX_SIZE =
            new Key.Value<>(
                    "maxSize",
                    ValueTypes.size("1Mi", "1Ti"),
                    Presence.otherwise("4Gi"),
                    "How much of its database they may take, about and without indexes; the oldest"
                            + " go.");
    static final Key.Section AUDIT =
            new Key.Section(
                    "audit",
                    Shape.of(
                            FILE,
                            MAX_FILE_SIZE,
                            KEEP,
                            PAYLOAD_PERCENT,
                            MAX_PAYLOAD,
                            MAX_AGE,
                            MAX_RECORDS,
                            MAX_SIZE),
                    Presence.optional("nothing is written down"),
                    "Write down who asked which model, what it took and what was decided;"
                            + " `tidemill audit` shows it. `{}` is all of the defaults.");

    private AnswerKeys() {}
}
