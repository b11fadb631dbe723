import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/// A replica whose work is known: SLOTS requests at a time, each for NANOS (or, with a SPREAD of 1, for
/// an exponential time of that mean), first come first served; it serves from SERVES on, in milliseconds of
/// the epoch (when a process began the kernel says to within a second only), and ends when its input does. Each answer says how many nanoseconds it was
/// worked on; /metrics counts as our server does, in seconds that pass SCALE times as fast.
void main(String[] arguments) throws Exception {
    int slots = Integer.parseInt(arguments[0]);
    long nanos = (long) Double.parseDouble(arguments[1]);
    long serves = Long.parseLong(arguments[2]);
    boolean random = Double.parseDouble(arguments[3]) == 1;
    double scale = Double.parseDouble(arguments[4]);
    java.util.concurrent.atomic.AtomicLong served = new java.util.concurrent.atomic.AtomicLong();
    java.util.concurrent.atomic.AtomicLong inside = new java.util.concurrent.atomic.AtomicLong();
    java.util.concurrent.atomic.AtomicLong queued = new java.util.concurrent.atomic.AtomicLong();
    Semaphore free = new Semaphore(slots, true);
    java.util.concurrent.atomic.AtomicInteger working = new java.util.concurrent.atomic.AtomicInteger();
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", exchange -> {
        working.incrementAndGet();
        exchange.getRequestBody().readAllBytes();
        long came = System.nanoTime();
        free.acquireUninterruptibly();
        long waited = System.nanoTime() - came;
        long work = random ? (long) (-nanos * Math.log(1 - ThreadLocalRandom.current().nextDouble())) : nanos;
        long end = System.nanoTime() + work;
        long left;
        while ((left = end - System.nanoTime()) > 0) {
            LockSupport.parkNanos(left);
        }
        free.release();
        inside.addAndGet(System.nanoTime() - came);
        queued.addAndGet(waited);
        served.incrementAndGet();
        byte[] body = "{\"worked\":%d}".formatted(work).getBytes();
        exchange.getResponseHeaders().add("content-type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
        working.decrementAndGet();
    });
    server.createContext("/metrics", exchange -> {
        byte[] text = String.format(Locale.ROOT, """
                tidemill_server_request_seconds_count{outcome="ok"} %d
                tidemill_server_request_seconds_sum{outcome="ok"} %f
                tidemill_server_queue_seconds_sum %f
                """, served.get(), inside.get() / 1e9 * scale, queued.get() / 1e9 * scale).getBytes();
        exchange.sendResponseHeaders(200, text.length);
        exchange.getResponseBody().write(text);
        exchange.close();
    });
    long wait = serves - System.currentTimeMillis();
    if (wait > 0) {
        Thread.sleep(wait);
    }
    server.start();
    IO.println("ready " + server.getAddress().getPort());
    while (System.in.read() >= 0) {
        // Until the other end closes.
    }
    long patience = System.currentTimeMillis() + 60_000;
    while (working.get() > 0 && System.currentTimeMillis() < patience) {
        Thread.sleep(20);
    }
    System.exit(0);
}
