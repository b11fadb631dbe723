package dev.tidemill.cli.cluster;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// A tide of requests from inside a cluster: URL BODY-FILE EXPECTED ROWS SECONDS LOW HIGH LATE
/// SEED. Requests come by chance, whoever answers or not, LOW to HIGH a second and back within
/// SECONDS, each with the body's one row ROWS times; LATE milliseconds after its time a request is
/// late. Says once a second what came of it. One class file and nothing but the JDK, as [ClassPod]
/// wants.
public final class TideLoad {
    private TideLoad() {}

    public static void main(String[] arguments) throws Exception {
        String row = Files.readString(Path.of(arguments[1]));
        String data =
                row.substring(row.lastIndexOf('[') + 1, row.indexOf(']', row.lastIndexOf('[')));
        int rows = Integer.parseInt(arguments[3]);
        String body =
                "{\"inputs\":[{\"name\":\"input\",\"shape\":[%d,64],\"datatype\":\"FP32\",\"data\":[%s]}]}"
                        .formatted(
                                rows, String.join(",", java.util.Collections.nCopies(rows, data)));
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(arguments[0]))
                        .header("content-type", "application/json")
                        .timeout(Duration.ofSeconds(60))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        double seconds = Double.parseDouble(arguments[4]);
        double low = Double.parseDouble(arguments[5]);
        double high = Double.parseDouble(arguments[6]);
        long late = Long.parseLong(arguments[7]);
        Random random = new Random(Long.parseLong(arguments[8]));
        HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        ConcurrentLinkedQueue<Long> millis = new ConcurrentLinkedQueue<>();
        AtomicInteger failed = new AtomicInteger();
        AtomicInteger lateOnes = new AtomicInteger();
        AtomicInteger left = new AtomicInteger();
        long begin = System.nanoTime();
        double at = 0;
        int sent = 0;
        int said = 0;
        while (at < seconds) {
            long due = begin + (long) (at * 1e9);
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                Thread.sleep(Math.min(200, 1 + wait / 1_000_000));
            }
            sent++;
            left.incrementAndGet();
            Thread.ofVirtual()
                    .start(() -> {
                        boolean good = false;
                        try {
                            HttpResponse<String> answer =
                                    http.send(request, HttpResponse.BodyHandlers.ofString());
                            good =
                                    answer.statusCode() == 200
                                            && answer.body().contains(arguments[2]);
                        } catch (Exception e) {
                            System.out.println(e);
                        }
                        long took = (System.nanoTime() - due) / 1_000_000;
                        millis.add(took);
                        if (!good) {
                            failed.incrementAndGet();
                        }
                        if (!good || took > late) {
                            lateOnes.incrementAndGet();
                        }
                        left.decrementAndGet();
                    });
            if (at >= said) {
                System.out.printf(
                        "t=%d sent=%d late=%d failed=%d%n",
                        said, sent, lateOnes.get(), failed.get());
                said++;
            }
            double rate = low + (high - low) * Math.pow(Math.sin(Math.PI * at / seconds), 2);
            at += -Math.log(1 - random.nextDouble()) / rate;
        }
        while (left.get() > 0) {
            Thread.sleep(100);
        }
        long[] sorted = millis.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                "done sent=%d late=%d failed=%d p50=%d p99=%d%n",
                sent,
                lateOnes.get(),
                failed.get(),
                sorted[sorted.length / 2],
                sorted[(int) (sorted.length * 0.99)]);
    }
}
