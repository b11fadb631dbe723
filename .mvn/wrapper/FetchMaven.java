import module java.base;
import module java.net.http;

import java.net.http.HttpResponse.BodyHandlers;

/// Installs the Maven that `maven.properties` pins; `mvnw` starts it as a source file.
///
/// The zip is looked for where the user's own Maven set-up points, see [MavenSetup]. Wherever it
/// comes from, it counts only with the pinned sha512.
///
/// Arguments: the properties file, the folder to make, and what the user wrote after `mvnw`.
final class FetchMaven {
    private static final String COPY =
            "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy";

    /// One way to get the zip: gives the file, perhaps put into the work folder, or throws why not.
    private interface Way {
        Path get(Path work) throws Exception;
    }

    private final Properties pinned = new Properties();
    private final String name;
    private final Path home;
    private final MavenSetup setup;
    private final Map<String, Way> ways = new LinkedHashMap<>();
    private final StringBuilder failures = new StringBuilder();

    private FetchMaven(String[] args) throws IOException {
        try (var in = Files.newBufferedReader(Path.of(args[0]))) {
            pinned.load(in);
        }
        name = "apache-maven-" + pinned.getProperty("version");
        home = Path.of(args[1]).toAbsolutePath();
        setup = new MavenSetup(List.of(args).subList(2, args.length));
    }

    public static void main(String[] args) throws Exception {
        // Without this a proxy that wants a password for https is never given one.
        System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
        System.exit(new FetchMaven(args).install() ? 0 : 1);
    }

    private boolean install() throws Exception {
        Path parent = Files.createDirectories(home.getParent());
        var options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try (var channel = FileChannel.open(parent.resolve("lock"), options);
                var _ = channel.lock()) {
            if (Files.isExecutable(home.resolve("bin/mvn"))) {
                return true; // the holder of the lock before this one did it
            }
            for (Path left : MavenSetup.children(parent, "fetch-*")) {
                delete(left); // by a process that was killed
            }
            Path work = Files.createTempDirectory(parent, "fetch-");
            try {
                return install(work);
            } finally {
                delete(work);
            }
        }
    }

    private boolean install(Path work) throws IOException {
        addWays();
        boolean told = false;
        for (var way : ways.entrySet()) {
            if (!told && !way.getKey().startsWith("local")) {
                System.err.println("fetching Maven " + pinned.getProperty("version") + " ...");
                told = true;
            }
            try {
                Path zip = way.getValue().get(work);
                verify(zip);
                unpack(zip, Files.createTempDirectory(work, "unpacked"));
                return true;
            } catch (Exception e) {
                failed(way.getKey(), e);
            }
        }
        System.err.printf("mvnw: %s could not be installed. What was tried:%n", name);
        System.err.print(failures);
        System.err.println("Set MVNW_REPOURL to a Maven repository that can be reached from here,");
        System.err.println("or unpack the zip to " + home);
        return false;
    }

    private void addWays() throws IOException {
        try {
            setup.readSettings();
        } catch (Exception e) {
            failed("settings", e);
        }
        String version = pinned.getProperty("version");
        String path = "/org/apache/maven/apache-maven/" + version + "/" + name + "-bin.zip";
        Path local = Path.of(setup.localRepository() + path);
        ways.put("local repository", _ -> MavenSetup.existing(local));
        var repositories = setup.repositories();
        if (repositories.isEmpty()) {
            failures.append("    MVNW_REPOURL, or a mirror in the settings: none\n");
        }
        for (var repository : repositories) {
            String url = repository.url().replaceFirst("//[^/]*@", "//").replaceFirst("/+$", "");
            ways.put(
                    repository.origin() + " " + url,
                    work -> {
                        var inUrl = MavenSetup.Login.in(URI.create(repository.url()));
                        var login = inUrl.user().isEmpty() ? repository.login() : inUrl;
                        return download(url + path, login, work);
                    });
        }
        var mavens = setup.installedMavens();
        if (mavens.isEmpty()) {
            failures.append("    an installed mvn: none\n");
        }
        for (Path mvn : mavens) {
            ways.put(mvn.toString(), work -> copyBy(mvn, work));
        }
        String archive = pinned.getProperty("archive");
        ways.put(archive, work -> download(archive, MavenSetup.Login.NONE, work));
    }

    private Path download(String address, MavenSetup.Login login, Path work) throws Exception {
        URI uri = URI.create(address);
        if ("file".equals(uri.getScheme())) {
            return Path.of(uri);
        }
        String host = Objects.requireNonNull(uri.getHost(), "the address has no host");
        var hop = setup.hop(uri.getScheme(), host);
        var logins =
                new Authenticator() {
                    @Override
                    protected PasswordAuthentication getPasswordAuthentication() {
                        if (getRequestorType() == RequestorType.PROXY) {
                            return hop.login().forJdk();
                        }
                        return host.equals(getRequestingHost()) ? login.forJdk() : null;
                    }
                };
        var client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NORMAL)
                        .connectTimeout(Duration.ofSeconds(15))
                        .proxy(hop.selector())
                        .authenticator(logins)
                        .build();
        Path zip = Files.createTempFile(work, "download", ".zip");
        var request = HttpRequest.newBuilder(uri).build();
        var answer = client.sendAsync(request, BodyHandlers.ofFile(zip)).get(10, TimeUnit.MINUTES);
        if (answer.statusCode() != 200) {
            throw new IOException("HTTP " + answer.statusCode());
        }
        return zip;
    }

    /// Lets an installed Maven get the zip, so that all of the user's own configuration counts.
    private Path copyBy(Path mvn, Path work) throws Exception {
        var artifact =
                "org.apache.maven:apache-maven:" + pinned.getProperty("version") + ":zip:bin";
        var command = new ArrayList<>(List.of(mvn.toString(), "-q", "-B", COPY));
        command.addAll(List.of("-Dartifact=" + artifact, "-DoutputDirectory=" + work));
        command.add("-Dstyle.color=never");
        setup.settingsNamed().ifPresent(file -> command.addAll(List.of("-s", file.toString())));
        setup.localRepositoryNamed().ifPresent(dir -> command.add("-Dmaven.repo.local=" + dir));
        Path log = work.resolve("mvn.log");
        // In the work folder there is no pom.xml that Maven could take for a project.
        var builder = new ProcessBuilder(command).directory(work.toFile());
        var mvnProcess = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        mvnProcess.getOutputStream().close();
        if (!mvnProcess.waitFor(10, TimeUnit.MINUTES)) {
            mvnProcess.destroyForcibly();
            throw new IOException("no end after 10 minutes");
        }
        if (mvnProcess.exitValue() != 0) {
            try (Stream<String> lines = Files.lines(log)) {
                var error = lines.filter(line -> line.contains("ERROR")).findFirst();
                throw new IOException(error.orElse("exit status " + mvnProcess.exitValue()));
            }
        }
        return work.resolve(name + "-bin.zip");
    }

    private void verify(Path zip) throws Exception {
        var digest = MessageDigest.getInstance("SHA-512");
        try (var in = new DigestInputStream(Files.newInputStream(zip), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        String actual = HexFormat.of().formatHex(digest.digest());
        if (!actual.equals(pinned.getProperty("sha512"))) {
            throw new IOException("not the pinned file: its sha512 is " + actual);
        }
    }

    private void unpack(Path file, Path into) throws IOException {
        try (var zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                Path target = into.resolve(entry.getName()).normalize();
                if (!target.startsWith(into)) {
                    throw new IOException("its entry " + entry.getName() + " leads out of it");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                    continue;
                }
                Files.createDirectories(target.getParent());
                try (var in = zip.getInputStream(entry)) {
                    Files.copy(in, target);
                }
                if (target.getParent().endsWith("bin")) {
                    target.toFile().setExecutable(true, false);
                }
            }
        }
        if (Files.exists(home)) {
            Files.move(home, into.resolve("broken")); // it has no bin/mvn
        }
        Files.move(into.resolve(name), home, StandardCopyOption.ATOMIC_MOVE);
    }

    private void failed(String way, Exception thrown) {
        Throwable cause = thrown instanceof ExecutionException ? thrown.getCause() : thrown;
        String kind = cause.getClass() == IOException.class ? "" : cause.getClass().getSimpleName();
        String message = Objects.requireNonNullElse(cause.getMessage(), "");
        failures.append("    %s: %s%n".formatted(way, (kind + " " + message).strip()));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }
}
