package dev.tidemill.cluster.rollout;

import dev.tidemill.cluster.Fields;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Reads from a pod's status, and from what was said about it, why it is not ready. Pure.
public final class PodTroubles {
    private static final Set<String> NO_IMAGE =
            Set.of("ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName");

    /// With these the kubelet does try again, but what it tries is wrong until somebody changes it.
    private static final Set<String> LASTING =
            Set.of(
                    "ImagePullBackOff",
                    "ErrImageNeverPull",
                    "InvalidImageName",
                    "CreateContainerConfigError",
                    "CrashLoopBackOff",
                    "RunContainerError");

    private PodTroubles() {}

    /// @param events about this pod
    /// @return empty when it is ready, or on its way as it should be
    public static Optional<Trouble> of(Fields pod, List<Fields> events) {
        if (isEnding(pod) || isReady(pod)) {
            return Optional.empty();
        }
        return unscheduled(pod)
                .or(() -> waiting(pod))
                .or(() -> ended(pod))
                .or(() -> said(pod, events));
    }

    public static boolean isReady(Fields pod) {
        return condition(pod, "Ready").filter(c -> c.text("status").equals("True")).isPresent();
    }

    public static boolean isEnding(Fields pod) {
        return pod.at("metadata", "deletionTimestamp").isPresent();
    }

    /// The container whose log tells more.
    public static Optional<Fields> crashed(Fields pod) {
        return containers(pod)
                .filter(container ->
                        container.number("restartCount") > 0
                                || container.at("state", "terminated").isPresent())
                .findFirst();
    }

    private static Optional<Trouble> unscheduled(Fields pod) {
        return condition(pod, "PodScheduled")
                .filter(condition -> condition.text("status").equals("False"))
                .map(condition ->
                        trouble(pod, condition.text("reason"), condition.text("message"), false));
    }

    private static Optional<Trouble> waiting(Fields pod) {
        return containers(pod)
                .filter(container -> container.at("state", "waiting").isPresent())
                .filter(container -> !isPassing(container.text("state", "waiting", "reason")))
                .findFirst()
                .map(container -> {
                    String reason = container.text("state", "waiting", "reason");
                    String message = container.text("state", "waiting", "message");
                    if (NO_IMAGE.contains(reason)) {
                        message =
                                "image '%s' cannot be had: %s"
                                        .formatted(container.text("image"), message);
                    } else if (reason.equals("CrashLoopBackOff")) {
                        message = crash(container, container.child("lastState", "terminated"));
                    }
                    return trouble(pod, reason, message, LASTING.contains(reason));
                });
    }

    private static Optional<Trouble> ended(Fields pod) {
        return containers(pod)
                .filter(container -> container.number("state", "terminated", "exitCode") != 0)
                .findFirst()
                .map(container ->
                        trouble(
                                pod,
                                container.text("state", "terminated", "reason"),
                                crash(container, container.child("state", "terminated")),
                                false));
    }

    /// A probe, a volume, a sandbox: only events tell.
    private static Optional<Trouble> said(Fields pod, List<Fields> events) {
        return events.stream()
                .filter(event -> event.text("type").equals("Warning"))
                .max(Comparator.comparing(PodTroubles::when))
                .map(event -> {
                    String message = event.text("message");
                    boolean secret = message.contains("secret") && message.contains("not found");
                    return trouble(pod, event.text("reason"), message, secret);
                });
    }

    private static String crash(Fields container, Fields terminated) {
        long code = terminated.number("exitCode");
        String reason = terminated.text("reason");
        return "container %s ended with code %d%s, %d times by now"
                .formatted(
                        container.text("name"),
                        code,
                        reason.isEmpty() || reason.equals("Error") ? "" : " (" + reason + ")",
                        container.number("restartCount"));
    }

    private static boolean isPassing(String reason) {
        return reason.isEmpty()
                || reason.equals("ContainerCreating")
                || reason.equals("PodInitializing");
    }

    private static String when(Fields event) {
        return Stream.of("lastTimestamp", "eventTime", "firstTimestamp")
                .map(event::text)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static Stream<Fields> containers(Fields pod) {
        return Stream.concat(
                pod.children("status", "initContainerStatuses").stream(),
                pod.children("status", "containerStatuses").stream());
    }

    private static Optional<Fields> condition(Fields pod, String type) {
        return pod.children("status", "conditions").stream()
                .filter(condition -> condition.text("type").equals(type))
                .findFirst();
    }

    private static Trouble trouble(Fields pod, String reason, String message, boolean lasting) {
        return new Trouble("pod/" + pod.name(), reason, message, lasting, List.of());
    }
}
