package dev.tidemill.control.api;

import dev.tidemill.client.control.ArtifactFiles;
import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Bodies;
import dev.tidemill.http.RouteSet;
import dev.tidemill.http.Routes;
import dev.tidemill.stores.spi.ArtifactStore;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// `/api/v1/artifacts`: the files of versions, for model servers that do not share a disk with
/// control. Who takes them compares the digest.
public record ArtifactRoutes(ArtifactStore artifacts) implements RouteSet {
    @Override
    public void register(Routes routes) {
        routes.get("/api/v1/artifacts/{digest}/files", this::files)
                .get("/api/v1/artifacts/{digest}/file", this::file);
    }

    private void files(ServerRequest request, ServerResponse response) throws IOException {
        Path folder = artifacts.open(digest(request));
        List<ArtifactFiles.Entry> files = new ArrayList<>();
        for (Path file : regularFiles(folder)) {
            files.add(new ArtifactFiles.Entry(name(folder, file), Files.size(file)));
        }
        Bodies.send(response, new ArtifactFiles(files));
    }

    private void file(ServerRequest request, ServerResponse response) throws IOException {
        Path folder = artifacts.locate(digest(request));
        String asked = request.query().first("path").orElse("");
        // Compared with what is there instead of resolved: no path leads out that way.
        Path file =
                (Files.isDirectory(folder) ? regularFiles(folder) : List.<Path>of())
                        .stream()
                                .filter(each -> name(folder, each).equals(asked))
                                .findFirst()
                                .orElseThrow(() ->
                                        new TidemillException(
                                                ErrorCode.NOT_FOUND,
                                                "path: '%s' (expected: a file of the artifact)"
                                                        .formatted(asked)));
        response.header(HeaderNames.CONTENT_TYPE, "application/octet-stream");
        response.header(HeaderNames.CONTENT_LENGTH, Long.toString(Files.size(file)));
        try (OutputStream out = response.outputStream()) {
            Files.copy(file, out);
        } catch (UncheckedIOException | IOException e) {
            throw new CloseConnectionException("the file cannot be sent whole", e);
        }
    }

    private static List<Path> regularFiles(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        }
    }

    private static String name(Path folder, Path file) {
        return folder.relativize(file).toString().replace(File.separatorChar, '/');
    }

    private static Digest digest(ServerRequest request) {
        try {
            return new Digest(request.path().pathParameters().get("digest"));
        } catch (IllegalArgumentException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage()), e);
        }
    }
}
