import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Gives the classes of JARs that were compiled for Java 5 the stack maps of Java 8, in place: a JVM keeps no class without them in its
/// start-up cache, and verifies each anew at every start.
///
///     java StackMaps.java JAR...
final class StackMaps {
    /// The first version whose classes a cache takes.
    private static final int TAKEN = ClassFile.JAVA_6_VERSION;

    private StackMaps() {}

    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            Path path = Path.of(jar).toAbsolutePath();
            try (URLClassLoader own = new URLClassLoader(new URL[] {path.toUri().toURL()});
                    FileSystem files = FileSystems.newFileSystem(URI.create("jar:" + path.toUri()), Map.of())) {
                ClassFile classFile =
                        ClassFile.of(
                                ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                                ClassFile.ClassHierarchyResolverOption.of(
                                        ClassHierarchyResolver.ofResourceParsing(own)
                                                .orElse(ClassHierarchyResolver.defaultResolver())));
                int changed = all(files.getPath("/"), classFile);
                // As its licence wants.
                Files.writeString(
                        files.getPath("/META-INF", "CHANGES.txt"),
                        "Tidemill added stack maps to %d classes and made their version 52.%n".formatted(changed));
                System.out.printf("%s: %d classes%n", path.getFileName(), changed);
            }
        }
    }

    private static int all(Path root, ClassFile classFile) throws IOException {
        List<Path> classes;
        try (Stream<Path> found = Files.walk(root)) {
            classes = found.filter(file -> file.toString().endsWith(".class")).toList();
        }
        int newer = 0;
        for (Path file : classes) {
            ClassModel model = classFile.parse(Files.readAllBytes(file));
            if (model.majorVersion() < TAKEN) {
                Files.write(file, classFile.transformClass(model, java8()));
                newer++;
            }
        }
        return newer;
    }

    private static ClassTransform java8() {
        ClassTransform version =
                (builder, element) -> {
                    if (element instanceof ClassFileVersion) {
                        builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
                    } else {
                        builder.with(element);
                    }
                };
        // Code that is not looked into is copied as it is, without maps.
        return version.andThen(ClassTransform.transformingMethodBodies(CodeBuilder::with));
    }
}
