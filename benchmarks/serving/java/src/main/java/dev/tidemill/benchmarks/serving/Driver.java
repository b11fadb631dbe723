package dev.tidemill.benchmarks.serving;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// The load generator. One process for the whole comparison, so that every server meets the same
/// warm code. Reads a command per line, words `key=value`, and answers with lines of JSON:
/// `{"event":"begin"}` when warm-up ends, then the figures.
///
/// Keys: `protocol` http or grpc, `port`, `requests` a file as [Requests] reads it, `connections`,
/// `streams` per connection (gRPC only), `seconds`, `warmup` seconds, `rate` per second for an open
/// loop (0: closed), `arrivals` constant or poisson, `samples` a file for some answers.
public final class Driver {
    private Driver() {}

    public static void main(String[] arguments) throws Exception {
        IO.println("{\"ready\":true}");
        for (String line = IO.readln(); line != null; line = IO.readln()) {
            IO.println(run(new Command(words(line))));
        }
    }

    private static String run(Command command) throws InterruptedException {
        try (Load load = new Load(command)) {
            return load.run();
        } catch (IOException | RuntimeException e) {
            return "{\"failed\":\"%s\"}".formatted(e.toString().replaceAll("[\"\\\\\\s]", " "));
        }
    }

    private static Map<String, String> words(String line) {
        Map<String, String> words = new HashMap<>();
        for (String word : line.trim().split(" +")) {
            String[] pair = word.split("=", 2);
            words.put(pair[0], pair[1]);
        }
        return words;
    }

    /// One cell's settings.
    record Command(Map<String, String> words) {
        String text(String key) {
            String value = words.get(key);
            if (value == null) {
                throw new IllegalArgumentException("missing: " + key);
            }
            return value;
        }

        int number(String key, int otherwise) {
            return words.containsKey(key) ? Integer.parseInt(text(key)) : otherwise;
        }

        double fraction(String key, double otherwise) {
            return words.containsKey(key) ? Double.parseDouble(text(key)) : otherwise;
        }

        Path path(String key) {
            return Path.of(text(key));
        }

        boolean grpc() {
            return text("protocol").equals("grpc");
        }
    }
}
