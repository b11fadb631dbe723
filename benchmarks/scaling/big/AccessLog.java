import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/// Writes an access log of so many gigabytes, of 30 days with a tide, as the gateway would; with a BAD line
/// one row is broken. AccessLog GIGABYTES [BAD]
void main(String[] arguments) throws Exception {
    long bytes = (long) (Double.parseDouble(arguments[0]) * 1e9);
    long bad = arguments.length > 1 ? Long.parseLong(arguments[1]) : -1;
    int length = line(0, 0, 0).length;
    long rows = bytes / length;
    double span = 30 * 86_400_000.0;
    SplittableRandom random = new SplittableRandom(1);
    byte[] buffer = new byte[1 << 20];
    int filled = 0;
    OutputStream out = System.out;
    double phase = 0;
    for (long row = 1; row <= rows; row++) {
        // More by day than by night; each day begins where the last one ended.
        double share = (double) (row - 1) / rows * 30;
        phase = Math.floor(share) + warped(share - Math.floor(share));
        byte[] line = row == bad ? "{\"time\":\"yesterday\",\"logger\":\"access\"}\n".getBytes(StandardCharsets.UTF_8)
                : line((long) (phase / 30 * span), random.nextInt(1000, 10_000), row);
        if (filled + line.length > buffer.length) {
            out.write(buffer, 0, filled);
            filled = 0;
        }
        System.arraycopy(line, 0, buffer, filled, line.length);
        filled += line.length;
    }
    out.write(buffer, 0, filled);
    out.flush();
}

/// The time of day at which that share of a day's requests has come.
double warped(double share) {
    return share - 0.1 * Math.sin(2 * Math.PI * share) / (2 * Math.PI) * 6;
}

byte[] template = ("{\"time\":\"2026-11-01T00:00:00.000Z\",\"level\":\"INFO\",\"logger\":\"access\",\"message\":\"request\",\"method\":\"POST\","
        + "\"path\":\"/v2/models/digits/infer\",\"status\":200,\"millis\":12.34,\"requestId\":\"0000000000000000\"}\n").getBytes(StandardCharsets.UTF_8);
int day = new String(template, StandardCharsets.UTF_8).indexOf("-01T") + 1;
int millis = new String(template, StandardCharsets.UTF_8).indexOf("12.34");
int id = new String(template, StandardCharsets.UTF_8).indexOf("0000000000000000");

byte[] line(long at, int hundredths, long row) {
    put(day, 2, at / 86_400_000 + 1);
    put(day + 3, 2, at / 3_600_000 % 24);
    put(day + 6, 2, at / 60_000 % 60);
    put(day + 9, 2, at / 1000 % 60);
    put(day + 12, 3, at % 1000);
    put(millis, 2, hundredths / 100);
    put(millis + 3, 2, hundredths % 100);
    put(id, 16, row);
    return template;
}

void put(int from, int width, long number) {
    for (int i = width - 1; i >= 0; i--) {
        template[from + i] = (byte) ('0' + number % 10);
        number /= 10;
    }
}
