package dev.tidemill.server.modelconfig;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `instance_group`.
final class InstanceReader {
    private static final Map<String, InstanceGroup.Kind> KINDS =
            Map.of(
                    "KIND_AUTO", InstanceGroup.Kind.AUTO,
                    "KIND_CPU", InstanceGroup.Kind.CPU,
                    "KIND_GPU", InstanceGroup.Kind.GPU,
                    "KIND_MODEL", InstanceGroup.Kind.AUTO);

    private InstanceReader() {}

    static List<InstanceGroup> read(Section top) {
        List<InstanceGroup> groups = new ArrayList<>();
        for (Section section : top.sections("instance_group")) {
            section.ignored("groups are not told apart", "name", "host_policy", "profile");
            section.ignored("runs are limited by the threads of the server", "rate_limiter");
            section.ignored("runs use one device", "secondary_devices");
            section.unsupportedWhenTrue("passive", "every instance runs requests");
            int count = Math.toIntExact(section.number("count", 1, 1024, 1));
            InstanceGroup.Kind kind = section.word("kind", KINDS, InstanceGroup.Kind.AUTO);
            List<Integer> devices =
                    section.numbers("gpus", 0, 1024).stream().map(Math::toIntExact).toList();
            section.finish();
            groups.add(new InstanceGroup(count, kind, devices));
        }
        return groups;
    }
}
