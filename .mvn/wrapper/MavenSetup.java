import module java.base;
import module java.xml;

import org.w3c.dom.Element;

/// What the user has set up for Maven: options, environment, `settings.xml` and installed Mavens.
final class MavenSetup {
    private static final Path USER = Path.of(System.getProperty("user.home"));
    private static final int MOST_MAVENS = 3;

    record Login(String user, String password) {
        static final Login NONE = new Login("", "");

        static Login in(Element server) {
            return new Login(text(server, "username"), text(server, "password"));
        }

        /// The login written in an address, `https://user:password@host/`.
        static Login in(URI uri) {
            String[] parts = Objects.requireNonNullElse(uri.getUserInfo(), "").split(":", 2);
            return new Login(parts[0], parts.length == 1 ? "" : parts[1]);
        }

        /// Null, as the JDK wants it, without a user or when only Maven can decrypt the password.
        PasswordAuthentication forJdk() {
            boolean usable = !user.isEmpty() && !password.matches(".*\\{.*}.*");
            return usable ? new PasswordAuthentication(user, password.toCharArray()) : null;
        }
    }

    /// A Maven repository that stands for Central: where it was found, its address, who may read
    /// it.
    record Repository(String origin, String url, Login login) {}

    /// How to get to a host.
    record Hop(ProxySelector selector, Login login) {
        static final Hop DIRECT = new Hop(ProxySelector.getDefault(), Login.NONE);

        static Hop by(String host, int port, Login login) {
            return new Hop(ProxySelector.of(new InetSocketAddress(host, port)), login);
        }
    }

    private final List<String> arguments = new ArrayList<>();
    private Element settings;

    MavenSetup(List<String> arguments) {
        this.arguments.addAll(arguments);
        this.arguments.addAll(List.of(env("MAVEN_ARGS").split("\\s+")));
    }

    void readSettings() throws Exception {
        Path file = existing(settingsNamed().orElse(USER.resolve(".m2/settings.xml")));
        var factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        settings = factory.newDocumentBuilder().parse(file.toFile()).getDocumentElement();
    }

    Optional<Path> settingsNamed() {
        return option("-s")
                .or(() -> option("--settings"))
                .map(file -> Path.of(file).toAbsolutePath());
    }

    Optional<Path> localRepositoryNamed() {
        return option("-Dmaven.repo.local").map(folder -> Path.of(folder).toAbsolutePath());
    }

    Path localRepository() {
        String configured = settings == null ? "" : text(settings, "localRepository");
        Path usual = configured.isEmpty() ? USER.resolve(".m2/repository") : Path.of(configured);
        String property = System.getProperty("maven.repo.local");
        return localRepositoryNamed().orElse(property == null ? usual : Path.of(property));
    }

    List<Repository> repositories() {
        var found = new ArrayList<Repository>();
        if (!env("MVNW_REPOURL").isEmpty()) {
            var login = new Login(env("MVNW_USERNAME"), env("MVNW_PASSWORD"));
            found.add(new Repository("MVNW_REPOURL", env("MVNW_REPOURL"), login));
        }
        for (Element mirror : elements("mirror")) {
            var covered = List.of(text(mirror, "mirrorOf").split("\\s*,\\s*"));
            boolean all = covered.stream().anyMatch(Set.of("*", "external:*", "central")::contains);
            if (all && !covered.contains("!central") && !text(mirror, "blocked").equals("true")) {
                found.add(repository("mirror", mirror));
            }
        }
        for (Element repository : elements("repository")) {
            if (text(repository, "id").equals("central")) {
                found.add(repository("repository", repository));
            }
        }
        return found;
    }

    private Repository repository(String origin, Element element) {
        String id = text(element, "id");
        var servers = elements("server").stream().filter(server -> text(server, "id").equals(id));
        Login login = servers.findFirst().map(Login::in).orElse(Login.NONE);
        return new Repository("settings " + origin + " " + id, text(element, "url"), login);
    }

    /// The proxy of the settings, else of the environment, else the JDK's own (`MAVEN_OPTS`).
    Hop hop(String scheme, String host) {
        for (Element proxy : elements("proxy")) {
            String direct = text(proxy, "nonProxyHosts").replace(".", "\\.").replace("*", ".*");
            if (!text(proxy, "active").equals("false") && !host.matches(direct)) {
                int port = Integer.parseInt("0" + text(proxy, "port"));
                return Hop.by(text(proxy, "host"), port == 0 ? 8080 : port, Login.in(proxy));
            }
        }
        String named = env(scheme + "_proxy");
        for (String pattern : env("no_proxy").split("[,\\s]+")) {
            String suffix = "." + pattern.replaceFirst("^\\*?\\.", "");
            if (named.isEmpty() || pattern.equals("*") || ("." + host).endsWith(suffix)) {
                return Hop.DIRECT;
            }
        }
        URI proxy = URI.create(named.contains("://") ? named : "http://" + named);
        int port = proxy.getPort() < 0 ? 80 : proxy.getPort();
        return Hop.by(proxy.getHost(), port, Login.in(proxy));
    }

    /// The first few different `mvn` on the PATH and in the usual places.
    List<Path> installedMavens() throws IOException {
        var folders = new ArrayList<>(List.of(env("PATH").split(File.pathSeparator)));
        for (String named : List.of("MAVEN_HOME", "M2_HOME")) {
            folders.add(env(named).isEmpty() ? "" : env(named) + "/bin");
        }
        String root = env("TIDEMILL_SEARCH_ROOT");
        for (String home :
                List.of("/usr/share/maven", "/usr/local", "/opt/maven", "/opt/homebrew")) {
            folders.add(root + home + "/bin");
        }
        for (Path home : children(Path.of(root + "/opt"), "apache-maven-*")) {
            folders.add(home + "/bin");
        }
        folders.add(USER + "/.sdkman/candidates/maven/current/bin");
        for (Path version : children(USER.resolve(".m2/wrapper/dists"), "apache-maven-*")) {
            for (Path home : children(version, "*")) {
                folders.add(home + "/bin");
            }
        }
        var found = new LinkedHashMap<Path, Path>();
        for (String folder : folders) {
            Path mvn = Path.of(folder, "mvn");
            if (!folder.isEmpty() && Files.isExecutable(mvn) && found.size() < MOST_MAVENS) {
                found.putIfAbsent(mvn.toRealPath(), mvn.toAbsolutePath());
            }
        }
        return List.copyOf(found.values());
    }

    static Path existing(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new IOException("there is no " + file);
        }
        return file;
    }

    /// What matches in a folder, which need not exist.
    static List<Path> children(Path folder, String glob) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var found = Files.newDirectoryStream(folder, glob)) {
            return StreamSupport.stream(found.spliterator(), false).sorted().toList();
        }
    }

    /// The value of an option in the forms `-s value` and `--settings=value`.
    private Optional<String> option(String name) {
        int at = arguments.indexOf(name);
        if (at >= 0 && at + 1 < arguments.size()) {
            return Optional.of(arguments.get(at + 1));
        }
        var joined = arguments.stream().filter(argument -> argument.startsWith(name + "="));
        return joined.findFirst().map(argument -> argument.substring(name.length() + 1));
    }

    private List<Element> elements(String tag) {
        var nodes = settings == null ? null : settings.getElementsByTagName(tag);
        int count = nodes == null ? 0 : nodes.getLength();
        return IntStream.range(0, count).mapToObj(i -> (Element) nodes.item(i)).toList();
    }

    /// The text of an element below another, `${env.X}` filled in as Maven does; empty if absent.
    private static String text(Element above, String tag) {
        var below = above.getElementsByTagName(tag).item(0);
        String text = below == null ? "" : below.getTextContent().strip();
        text = text.replace("${user.home}", USER.toString());
        var variable = Pattern.compile("\\$\\{env\\.(\\w+)}");
        return variable.matcher(text).replaceAll(m -> Matcher.quoteReplacement(env(m.group(1))));
    }

    /// A variable of the environment in the case given, else in capitals; empty if absent.
    private static String env(String name) {
        String value = System.getenv(name);
        value = value == null ? System.getenv(name.toUpperCase(Locale.ROOT)) : value;
        return value == null ? "" : value;
    }
}
