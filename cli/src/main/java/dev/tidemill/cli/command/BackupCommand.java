package dev.tidemill.cli.command;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.stores.s3.S3Address;
import dev.tidemill.stores.s3.S3Copies;
import dev.tidemill.stores.s3.S3Credentials;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "backup",
        description =
                "Copy the dumps of a folder to a bucket of S3 that are not there yet: what the"
                        + " CronJob of a database's backups runs last.",
        sortOptions = false)
final class BackupCommand implements Callable<Integer> {
    private static final String DUMP = ".dump";

    @Option(
            names = "--folder",
            required = true,
            paramLabel = "DIR",
            description = "With files that end with .dump.")
    private Path folder = Path.of(".");

    @Option(names = "--bucket", required = true, paramLabel = "NAME", description = "Of S3.")
    private String bucket = "";

    @Option(
            names = "--prefix",
            defaultValue = "",
            paramLabel = "PREFIX",
            description = "Of all keys. Default: none.")
    private String prefix = "";

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            description = "Of a server that is not AWS's.")
    private Optional<URI> endpoint = Optional.empty();

    @Option(
            names = "--region",
            defaultValue = "us-east-1",
            paramLabel = "REGION",
            description = "Of the bucket. Default: ${DEFAULT-VALUE}")
    private String region = "";

    @Option(names = "--path-style", description = "The bucket is in the path, not in the host.")
    private boolean pathStyle;

    @Option(
            names = "--credentials",
            required = true,
            paramLabel = "DIR",
            description =
                    "Folder with the files AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as a mounted"
                            + " Secret has them.")
    private Path credentials = Path.of(".");

    private final PrintStream out;
    private final InstantSource clock;

    BackupCommand(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        try (S3Copies copies =
                new S3Copies(address(), () -> S3Credentials.in(credentials), clock)) {
            int put = 0;
            for (Path dump : dumps()) {
                if (copies.put(dump)) {
                    out.println("put: " + dump.getFileName());
                    put++;
                }
            }
            if (put == 0) {
                out.println("nothing new in " + folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("%s: %s".formatted(bucket, e.getMessage()), e);
        }
        return 0;
    }

    private S3Address address() {
        try {
            return new S3Address(bucket, prefix, endpoint, region, pathStyle);
        } catch (IllegalArgumentException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST, "--%s".formatted(e.getMessage()), e);
        }
    }

    private List<Path> dumps() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw OptionValues.wrong("--folder", folder.toString(), "a folder");
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(DUMP)).sorted().toList();
        }
    }
}
