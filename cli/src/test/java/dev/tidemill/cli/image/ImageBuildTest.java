package dev.tidemill.cli.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cli.image.ImageBuild.Builder;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ImageBuildTest {
    private final ImageBuild build =
            new ImageBuild(Path.of("/src"), "a/b:1", false, "0.1.0", Optional.of("abc"));

    @Test
    void every_builder_is_told_the_same_in_its_own_words() {
        assertThat(String.join(" ", build.command(Builder.DOCKER)))
                .isEqualTo(
                        "docker build --build-arg SOURCE_DATE_EPOCH=1767225600 --build-arg VERSION=0.1.0"
                                + " --build-arg REVISION=abc --file /src/deploy/image/Dockerfile --tag"
                                + " a/b:1 /src");
        assertThat(String.join(" ", build.command(Builder.BUILDAH)))
                .startsWith("buildah build --layers --format docker --timestamp 1767225600 ");
    }

    @Test
    void gpus_have_an_image_of_their_own() {
        ImageBuild cuda = new ImageBuild(Path.of("/src"), "t", true, "1", Optional.empty());

        assertThat(cuda.command(Builder.PODMAN))
                .contains("/src/deploy/image/Dockerfile.cuda")
                .noneMatch(word -> word.startsWith("REVISION"));
    }
}
