import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/// An upstream and its callers in one process, so that both read the same clock: a thread each, no
/// other allocation than what a token needs. Says `{"upstream":PORT}`, then reads commands:
///
/// - `streams port=P streams=N rate=R seconds=S key=K`: N streams that begin within 4 s, R events a second
///   each; then S seconds are measured. An event carries when it was sent.
/// - `calls port=P rate=R connections=C seconds=S delay=D key=K`: R requests a second over C connections, or
///   one after the other with `rate=0`, that the upstream answers after D ms. Counts by status.
///
/// Answers each with a line of JSON, times in ms.
class Load {
    static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    public static void main(String[] arguments) throws Exception {
        Upstream upstream = new Upstream();
        Thread.ofPlatform().daemon().name("upstream").start(upstream);
        IO.println("{\"upstream\":%d}".formatted(upstream.port()));
        for (String line = IO.readln(); line != null; line = IO.readln()) {
            Map<String, String> words = new HashMap<>();
            for (String word : line.trim().split(" +")) {
                String[] pair = word.split("=", 2);
                words.put(pair[0], pair.length == 1 ? "" : pair[1]);
            }
            upstream.delayNanos = (long) (1e6 * Double.parseDouble(words.getOrDefault("delay", "0")));
            upstream.gapNanos = (long) (1e9 / Double.parseDouble(words.getOrDefault("rate", "5")));
            int port = Integer.parseInt(words.getOrDefault("port", "0"));
            try (Callers callers = new Callers(port == 0 ? upstream.port() : port, words)) {
                IO.println(callers.run());
            }
        }
    }

    /// Times in ms, to 0.01 below 10 s.
    static final class Times {
        private final long[] counts = new long[1_000_001];
        private long count;
        private double highest;

        void add(double nanos) {
            double millis = Math.max(0, nanos / 1e6);
            counts[(int) Math.min(counts.length - 1, millis * 100)]++;
            count++;
            highest = Math.max(highest, millis);
        }

        double at(double percentile) {
            long wanted = (long) Math.ceil(count * percentile / 100);
            long seen = 0;
            for (int i = 0; i < counts.length; i++) {
                seen += counts[i];
                if (seen >= wanted && seen > 0) {
                    return (i + 0.5) / 100;
                }
            }
            return 0;
        }

        String json(String name) {
            return String.format(
                    Locale.ROOT,
                    "\"%s\":{\"count\":%d,\"p50\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"max\":%.3f}",
                    name, count, at(50), at(99), at(99.9), highest);
        }
    }

    /// What the other end sent and nobody has understood yet.
    static final class Inbox {
        byte[] bytes = new byte[2048];
        int length;

        int read(SocketChannel channel, ByteBuffer shared) throws IOException {
            shared.clear();
            int read = channel.read(shared);
            if (read > 0) {
                if (length + read > bytes.length) {
                    bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + read));
                }
                shared.flip().get(bytes, length, read);
                length += read;
            }
            return read;
        }

        int find(byte[] wanted, int from) {
            for (int i = from; i <= length - wanted.length; i++) {
                int j = 0;
                while (j < wanted.length && bytes[i + j] == wanted[j]) {
                    j++;
                }
                if (j == wanted.length) {
                    return i;
                }
            }
            return -1;
        }

        void drop(int count) {
            System.arraycopy(bytes, count, bytes, 0, length - count);
            length -= count;
        }

        /// The number after a name in a head, in any case; -1 for none.
        int number(byte[] name, int headEnd) {
            for (int i = 0; i < headEnd - name.length; i++) {
                int j = 0;
                while (j < name.length && (bytes[i + j] | 32) == (name[j] | 32)) {
                    j++;
                }
                if (j == name.length) {
                    int at = i + j;
                    while (bytes[at] == ' ' || bytes[at] == ':') {
                        at++;
                    }
                    int number = 0;
                    while (bytes[at] >= '0' && bytes[at] <= '9') {
                        number = 10 * number + bytes[at++] - '0';
                    }
                    return number;
                }
            }
            return -1;
        }
    }

    static final byte[] LENGTH = "content-length".getBytes(StandardCharsets.US_ASCII);

    /// Answers `"stream":true` with events until the caller leaves, and all else after a while.
    static final class Upstream implements Runnable {
        private static final byte[] STREAM = "\"stream\":true".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] EVENTS_HEAD =
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII);

        private final Selector selector = Selector.open();
        private final ServerSocketChannel listener = ServerSocketChannel.open();
        private final PriorityQueue<Due> due = new PriorityQueue<>();
        private final ByteBuffer shared = ByteBuffer.allocateDirect(64 * 1024);
        private final ByteBuffer out = ByteBuffer.allocateDirect(64 * 1024);
        private final SplittableRandom random = new SplittableRandom(3);
        private final byte[] whole;
        volatile long delayNanos;
        volatile long gapNanos;

        private record Due(long at, Peer peer, boolean stream) implements Comparable<Due> {
            @Override
            public int compareTo(Due other) {
                return Long.compare(at, other.at);
            }
        }

        private static final class Peer {
            final SocketChannel channel;
            final Inbox inbox = new Inbox();
            boolean closed;

            Peer(SocketChannel channel) {
                this.channel = channel;
            }
        }

        Upstream() throws IOException {
            listener.bind(new InetSocketAddress("127.0.0.1", 0), 4096);
            listener.configureBlocking(false);
            listener.register(selector, SelectionKey.OP_ACCEPT);
            String body =
                    "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"assistant\","
                            + "\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"role\":"
                            + "\"assistant\",\"content\":\"" + "word ".repeat(2000) + "\"}}],\"usage\":{\"prompt_tokens\":"
                            + "200,\"completion_tokens\":2000,\"total_tokens\":2200}}";
            whole = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                            + "\r\n\r\n" + body)
                    .getBytes(StandardCharsets.US_ASCII);
        }

        int port() throws IOException {
            return ((InetSocketAddress) listener.getLocalAddress()).getPort();
        }

        @Override
        public void run() {
            try {
                while (true) {
                    Due first = due.peek();
                    long left = first == null ? 100_000_000 : first.at() - System.nanoTime();
                    if (left > 0) {
                        selector.select(this::ready, Math.max(1, left / 1_000_000));
                    } else {
                        selector.selectNow(this::ready);
                    }
                    answerWhatIsDue();
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        private void answerWhatIsDue() throws IOException {
            long now = System.nanoTime();
            for (Due first = due.peek(); first != null && first.at() <= now; first = due.peek()) {
                due.poll();
                if (first.peer().closed) {
                    continue;
                }
                try {
                    if (first.stream()) {
                        event(first.peer());
                        due.add(new Due(first.at() + gapNanos, first.peer(), true));
                    } else {
                        send(first.peer(), whole);
                    }
                } catch (IOException e) {
                    close(first.peer());
                }
                now = System.nanoTime();
            }
        }

        private void event(Peer peer) throws IOException {
            String data =
                    "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"assistant\","
                            + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                            + System.nanoTime() + " \"},\"finish_reason\":null}]}\n\n";
            send(
                    peer,
                    (Integer.toHexString(data.length()) + "\r\n" + data + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
        }

        private void send(Peer peer, byte[] bytes) throws IOException {
            out.clear().put(bytes).flip();
            while (out.hasRemaining()) {
                peer.channel.write(out);
            }
        }

        private void ready(SelectionKey key) {
            if (key.isAcceptable()) {
                accept();
                return;
            }
            Peer peer = (Peer) key.attachment();
            try {
                if (peer.inbox.read(peer.channel, shared) < 0) {
                    close(peer);
                    return;
                }
                int head = peer.inbox.find(HEAD_END, 0);
                if (head < 0) {
                    return;
                }
                int end = head + 4 + Math.max(0, peer.inbox.number(LENGTH, head));
                if (end > peer.inbox.length) {
                    return;
                }
                boolean stream = peer.inbox.find(STREAM, head) >= 0;
                peer.inbox.drop(end);
                long now = System.nanoTime();
                if (stream) {
                    send(peer, EVENTS_HEAD);
                    due.add(new Due(now + random.nextLong(gapNanos), peer, true));
                } else if (delayNanos == 0) {
                    send(peer, whole);
                } else {
                    due.add(new Due(now + delayNanos, peer, false));
                }
            } catch (IOException e) {
                close(peer);
            }
        }

        private void accept() {
            try {
                for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept()) {
                    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                    channel.configureBlocking(false);
                    channel.register(selector, SelectionKey.OP_READ, new Peer(channel));
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        private static void close(Peer peer) {
            peer.closed = true;
            try {
                peer.channel.close();
            } catch (IOException e) {
                // Then it is closed.
            }
        }
    }

    /// Everything that one command does.
    static final class Callers implements AutoCloseable {
        private static final byte[] CONTENT = "\"content\":\"".getBytes(StandardCharsets.US_ASCII);

        private final Selector selector = Selector.open();
        private final ByteBuffer shared = ByteBuffer.allocateDirect(64 * 1024);
        private final Map<String, String> words;
        private final int port;
        private final boolean streams;
        private final byte[] request;
        private final Times delays = new Times();
        private final Times gaps = new Times();
        private final Times took = new Times();
        private final Map<Integer, Long> statuses = new java.util.TreeMap<>();
        private final java.util.ArrayDeque<One> idle = new java.util.ArrayDeque<>();
        private boolean measuring;
        private double rate;
        private long failed;
        private long late;

        private static final class One {
            SocketChannel channel;
            final Inbox inbox = new Inbox();
            long sent;
            long last;
            boolean begun;
        }

        Callers(int port, Map<String, String> words) throws IOException {
            this.port = port;
            this.words = words;
            this.streams = words.containsKey("streams");
            String body =
                    "{\"model\":\"assistant\",\"stream\":" + streams
                            + ",\"max_tokens\":2000,\"messages\":[{\"role\":\"user\",\"content\":\"" + "question ".repeat(100)
                            + "\"}]}";
            this.request =
                    ("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                                    + "Authorization: Bearer " + words.get("key") + "\r\nContent-Length: " + body.length()
                                    + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII);
        }

        String run() throws IOException {
            int count = Integer.parseInt(words.get(streams ? "streams" : "connections"));
            rate = streams ? 0 : Double.parseDouble(words.getOrDefault("rate", "0"));
            double ramp = streams ? 4e9 : 1e9;
            long begin = System.nanoTime();
            for (int i = 0; i < count; i++) {
                One one = new One();
                connect(one);
                if (streams || rate == 0) {
                    send(one);
                } else {
                    idle.add(one);
                }
                turn(begin + (long) (ramp * (i + 1) / count), 0);
            }
            turn(System.nanoTime() + 2_000_000_000L, rate);
            measuring = true;
            long from = System.nanoTime();
            turn(from + (long) (1e9 * Double.parseDouble(words.get("seconds"))), rate);
            double seconds = (System.nanoTime() - from) / 1e9;
            StringBuilder out = new StringBuilder("{\"seconds\":" + seconds + ",\"failed\":" + failed);
            statuses.forEach((status, times) -> out.append(",\"%d\":%d".formatted(status, times)));
            out.append(",\"skipped\":").append(late);
            return out.append(streams ? "," + delays.json("delay") + "," + gaps.json("gap") : "," + took.json("took"))
                    .append('}')
                    .toString();
        }

        /// @param perSecond of new requests on idle connections
        private void turn(long until, double perSecond) throws IOException {
            long begin = System.nanoTime();
            long asked = 0;
            for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
                long wait = perSecond > 0 ? 1 : Math.max(1, left / 1_000_000);
                if (left < 1_000_000) {
                    selector.selectNow(this::ready);
                } else {
                    selector.select(this::ready, wait);
                }
                long due = (long) (perSecond * (System.nanoTime() - begin) / 1e9);
                while (asked < due) {
                    asked++;
                    One one = idle.poll();
                    if (one == null) {
                        late += measuring ? 1 : 0;
                    } else {
                        send(one);
                    }
                }
            }
        }

        private void connect(One one) throws IOException {
            one.channel = SocketChannel.open();
            one.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            one.channel.connect(new InetSocketAddress("127.0.0.1", port));
            one.channel.configureBlocking(false);
            one.channel.register(selector, SelectionKey.OP_READ, one);
            one.inbox.length = 0;
            one.begun = false;
            one.last = 0;
        }

        private void send(One one) throws IOException {
            one.sent = System.nanoTime();
            one.channel.write(ByteBuffer.wrap(request));
        }

        private void ready(SelectionKey key) {
            One one = (One) key.attachment();
            try {
                if (one.inbox.read(one.channel, shared) < 0) {
                    throw new java.io.EOFException();
                }
                if (streams) {
                    events(one);
                } else {
                    answer(one);
                }
            } catch (IOException e) {
                failed++;
                try {
                    one.channel.close();
                    connect(one);
                    again(one);
                } catch (IOException again) {
                    throw new java.io.UncheckedIOException(again);
                }
            }
        }

        private void events(One one) throws IOException {
            long now = System.nanoTime();
            if (!one.begun) {
                if (one.inbox.find(HEAD_END, 0) < 0) {
                    return;
                }
                int status = status(one);
                statuses.merge(status, 1L, Long::sum);
                if (status != 200) {
                    throw new IOException("status " + status);
                }
                one.begun = true;
            }
            int from = 0;
            for (int at = one.inbox.find(CONTENT, from); at >= 0; at = one.inbox.find(CONTENT, from)) {
                int i = at + CONTENT.length;
                long sent = 0;
                while (i < one.inbox.length && one.inbox.bytes[i] != ' ') {
                    sent = 10 * sent + one.inbox.bytes[i++] - '0';
                }
                if (i == one.inbox.length) {
                    break;
                }
                from = i;
                if (measuring) {
                    delays.add(now - sent);
                    if (one.last > 0) {
                        gaps.add(now - one.last);
                    }
                }
                one.last = now;
            }
            one.inbox.drop(from);
        }

        private void answer(One one) throws IOException {
            int head = one.inbox.find(HEAD_END, 0);
            if (head < 0) {
                return;
            }
            int end = head + 4 + Math.max(0, one.inbox.number(LENGTH, head));
            if (end > one.inbox.length) {
                return;
            }
            if (measuring) {
                statuses.merge(status(one), 1L, Long::sum);
                if (status(one) == 200) {
                    took.add(System.nanoTime() - one.sent);
                }
            }
            one.inbox.drop(end);
            again(one);
        }

        private static int status(One one) {
            byte[] bytes = one.inbox.bytes;
            return 100 * (bytes[9] - '0') + 10 * (bytes[10] - '0') + bytes[11] - '0';
        }

        private void again(One one) throws IOException {
            if (streams || rate == 0) {
                send(one);
            } else {
                idle.add(one);
            }
        }

        @Override
        public void close() throws IOException {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        }
    }
}
