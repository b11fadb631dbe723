package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.testkit.FakeUpstream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the gateway is for: 32 clients, and not one failed request.
final class UnderLoadIT {
    private static final int CLIENTS = 32;
    private static final int REQUESTS_EACH = 100;

    private final FakeUpstream one = FakeUpstream.start(this::work);
    private final FakeUpstream two = FakeUpstream.start(this::work);
    private final FakeUpstream three = FakeUpstream.start(this::work);
    private final RunningGateway gateway =
            new RunningGateway(ConfigLine.digits(one, two).requestTimeout(Duration.ofSeconds(30)));
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicIntegerArray done = new AtomicIntegerArray(CLIENTS);

    @AfterEach
    void stop() {
        gateway.close();
        one.close();
        two.close();
        three.close();
    }

    @Test
    void a_replica_that_is_killed_again_and_again_loses_no_request() throws Exception {
        CountDownLatch clients = startClients();
        int kills = 0;
        while (clients.getCount() > 0) {
            FakeUpstream victim = kills % 2 == 0 ? one : two;
            victim.die();
            kills++;
            awaitEveryClient();
            victim.revive();
            awaitEveryClient();
        }
        clients.await();
        assertThat(failures).isEmpty();
        assertThat(kills).isGreaterThan(5);
        assertThat(gateway.digits().failures()).isZero();
        assertThat(gateway.digits().requests()).isEqualTo(CLIENTS * REQUESTS_EACH);
    }

    @Test
    void connections_that_end_again_and_again_lose_no_request() throws Exception {
        CountDownLatch clients = startClients();
        for (int i = 0; clients.getCount() > 0; i++) {
            FakeUpstream victim = i % 2 == 0 ? one : two;
            if (i % 4 < 2) {
                victim.resetConnections();
            } else {
                victim.closeConnections();
            }
            awaitEveryClient();
        }
        clients.await();
        assertThat(failures).isEmpty();
    }

    @Test
    void replicas_that_change_all_the_time_lose_no_request() throws Exception {
        List<ConfigLine> lines =
                List.of(
                        ConfigLine.digits(one, two),
                        ConfigLine.digits(three),
                        ConfigLine.digits(),
                        ConfigLine.digits(three, one),
                        ConfigLine.digits(two));
        CountDownLatch clients = startClients();
        for (int i = 0; clients.getCount() > 0; i++) {
            gateway.gateway.update(lines.get(i % lines.size()).json());
            LockSupport.parkNanos(2_000_000);
        }
        gateway.gateway.update(ConfigLine.digits(one).json());
        clients.await();
        assertThat(failures).isEmpty();
        assertThat(gateway.digits().inFlight()).isZero();
        assertThat(gateway.digits().waiting()).isZero();
    }

    /// Takes a moment, so that requests are in flight whenever something happens.
    private void work(FakeUpstream.Request request, FakeUpstream.Connection connection)
            throws Exception {
        LockSupport.parkNanos(500_000);
        FakeUpstream.echo().answer(request, connection);
    }

    /// Blocks until what every client has in flight now is done, so that no request is hit twice.
    private void awaitEveryClient() {
        int[] before = new int[CLIENTS];
        Arrays.setAll(before, done::get);
        for (int c = 0; c < CLIENTS; c++) {
            while (done.get(c) == before[c] && done.get(c) < REQUESTS_EACH) {
                LockSupport.parkNanos(100_000);
            }
        }
    }

    private CountDownLatch startClients() {
        CountDownLatch ended = new CountDownLatch(CLIENTS);
        for (int c = 0; c < CLIENTS; c++) {
            int client = c;
            Thread.ofVirtual().start(() -> runAndCountDown(client, ended));
        }
        return ended;
    }

    private void runAndCountDown(int client, CountDownLatch ended) {
        try {
            run(client);
        } catch (IOException e) {
            failures.add("client " + client + ": " + e);
            done.set(client, REQUESTS_EACH);
        } finally {
            ended.countDown();
        }
    }

    private void run(int client) throws IOException {
        try (Socket socket = gateway.connect()) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (int i = 0; i < REQUESTS_EACH; i++) {
                String body = "client %d request %d".formatted(client, i);
                socket.getOutputStream()
                        .write(
                                ("POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
                                                .formatted(
                                                        RunningGateway.INFER, body.length(), body))
                                        .getBytes(StandardCharsets.US_ASCII));
                String answer = answer(in);
                if (!answer.startsWith("HTTP/1.1 200 ") || !answer.endsWith("\n" + body)) {
                    failures.add(answer);
                }
                done.incrementAndGet(client);
            }
        }
    }

    private static String answer(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("ended after '" + head + "'");
            }
            head.append((char) c);
        }
        String lower = head.toString().toLowerCase(java.util.Locale.ROOT);
        int at = lower.indexOf("content-length: ") + "content-length: ".length();
        int length = Integer.parseInt(lower.substring(at, lower.indexOf('\r', at)));
        return head + new String(in.readNBytes(length), StandardCharsets.US_ASCII);
    }
}
