package dev.tidemill.cli.command;

import dev.tidemill.common.Digest;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "key",
        description = "Make a key for a client of the gateway, and the hash that its file wants.")
final class KeyCommand implements Callable<Integer> {
    private static final int RANDOM_BYTES = 32;

    private final PrintStream out;

    KeyCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        String key = "tm-" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        out.println("key:  " + key);
        out.println("hash: " + Digest.of(key.getBytes(StandardCharsets.UTF_8)));
        return 0;
    }
}
