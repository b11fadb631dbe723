package dev.tidemill.cli.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cli.image.ImageBuild.Builder;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ImageBuildTest {
    private final ImageBuild build =
            new ImageBuild(
                    Path.of("/src"),
                    "a/b:1",
                    false,
                    Optional.of("tar:///base.tar"),
                    "0.1.0",
                    Optional.of("abc"));

    @Test
    void every_builder_is_told_the_same_in_its_own_words() {
        assertThat(String.join(" ", build.command(Builder.DOCKER)))
                .isEqualTo(
                        "docker build --build-arg SOURCE_DATE_EPOCH=1767225600 --build-arg VERSION=0.1.0"
                                + " --build-arg REVISION=abc --file /src/deploy/image/Dockerfile --tag"
                                + " a/b:1 /src");
        assertThat(String.join(" ", build.command(Builder.BUILDAH)))
                .startsWith("buildah build --layers --format docker --timestamp 1767225600 ");
        assertThat(String.join(" ", build.command(Builder.JIB)))
                .isEqualTo(
                        "/src/mvnw -B -ntp -f /src/deploy/image/jib/pom.xml antrun:run@parts jib:buildTar"
                                + " -Djib.from.image=tar:///base.tar -Djib.to.image=a/b:1"
                                + " -Dtidemill.image.version=0.1.0 -Dtidemill.image.revision=abc");
    }

    @Test
    void gpus_have_an_image_of_their_own() {
        ImageBuild cuda =
                new ImageBuild(Path.of("/src"), "t", true, Optional.empty(), "1", Optional.empty());

        assertThat(cuda.command(Builder.PODMAN))
                .contains("/src/deploy/image/Dockerfile.cuda")
                .noneMatch(word -> word.startsWith("REVISION"));
    }
}
