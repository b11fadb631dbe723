package dev.tidemill.operator.status;

import java.util.Optional;
import java.util.Set;

/// What is known of a pod that is not ready.
///
/// @param unschedulable the scheduler's words, when it found no node
/// @param waiting why its first container that waits does
/// @param words of whoever says so
/// @param restarts of its containers
public record PodState(
        String name,
        Optional<String> unschedulable,
        Optional<String> waiting,
        String image,
        String words,
        int restarts) {
    private static final Set<String> NO_IMAGE =
            Set.of("ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName");

    /// Empty while it is on its way as it should be.
    public Optional<Trouble> trouble() {
        if (unschedulable.isPresent()) {
            return Optional.of(
                    new Trouble(
                            "NodeFull",
                            "pod/%s has no node: %s".formatted(name, unschedulable.get()),
                            "add a node or free one, ask for less in resources, or change"
                                    + " pod.nodeSelector and pod.tolerations"));
        }
        return waiting.flatMap(this::trouble);
    }

    private Optional<Trouble> trouble(String reason) {
        if (NO_IMAGE.contains(reason)) {
            return Optional.of(
                    new Trouble(
                            "ImageMissing",
                            "pod/%s cannot have the image '%s': %s".formatted(name, image, words),
                            "push the image, or name another and its pullSecrets in image of the"
                                    + " Environment"));
        }
        if (reason.equals("CrashLoopBackOff") || reason.equals("RunContainerError")) {
            return Optional.of(
                    new Trouble(
                            "Crashing",
                            "pod/%s ended %d times: %s".formatted(name, restarts, words),
                            "kubectl logs --previous " + name));
        }
        if (reason.equals("CreateContainerConfigError")) {
            return Optional.of(
                    new Trouble(
                            "ConfigMissing",
                            "pod/%s: %s".formatted(name, words),
                            "make the Secret or ConfigMap that it names"));
        }
        return Optional.empty();
    }
}
