package dev.tidemill.cli.rehearse;

import dev.tidemill.rehearsal.study.Family;
import dev.tidemill.rehearsal.study.Setting;
import dev.tidemill.rehearsal.study.Target;
import dev.tidemill.scaling.Policy;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.scaling.Policies;
import dev.tidemill.spec.scaling.PolicyKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Which policies an option names: `file`, `file:KIND` for another one that the file describes, or
/// a family with a position of its knob or without.
public final class Settings {
    private Settings() {}

    /// @param names such as `file,hpa,hpa=55,objective`
    /// @throws dev.tidemill.common.TidemillException for a name that is none
    public static List<Setting> of(
            String option, List<String> names, Target target, Optional<Model> model) {
        List<Setting> settings = new ArrayList<>();
        for (String each : names) {
            String name = each.strip();
            if (settings.stream().noneMatch(other -> other.name().equals(name))) {
                settings.add(one(option, name, target, model));
            }
        }
        return settings;
    }

    /// The families of settings whose knobs can be turned.
    public static List<Family> families(List<Setting> settings) {
        return settings.stream()
                .map(each -> Optional.ofNullable(Family.of(each.family())))
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    private static Setting one(String option, String name, Target target, Optional<Model> model) {
        if (name.equals("file") || name.startsWith("file:")) {
            Model asked = model.orElseThrow(() -> Subject.wrong(option, name, "a file: -f FILE"));
            return new Setting("file", Double.NaN, file(option, name, asked));
        }
        int equals = name.indexOf('=');
        Family family = Family.of(equals < 0 ? name : name.substring(0, equals));
        if (family == null) {
            throw Subject.wrong(
                    option, name, "file, or NAME or NAME=POSITION of " + Family.labels());
        }
        if (equals < 0) {
            return family.usual(target);
        }
        String text = name.substring(equals + 1).replace("%", "");
        try {
            return family.at(target, Double.parseDouble(text));
        } catch (IllegalArgumentException _) {
            throw Subject.wrong(option, name, family.label() + "=NUMBER: " + family.knob());
        }
    }

    /// The very policy that the live loop would run, by its own name here.
    private static Policy file(String option, String name, Model model) {
        if (name.equals("file")) {
            return new Named(name, Policies.of(model.scaling()));
        }
        String word = name.substring("file:".length());
        for (Map.Entry<String, PolicyKind> kind : PolicyKind.words()) {
            if (kind.getKey().equals(word)) {
                try {
                    return new Named(name, Policies.of(model.scaling(), kind.getValue()));
                } catch (IllegalArgumentException e) {
                    throw Subject.wrong(option, name, "what the file describes; " + e.getMessage());
                }
            }
        }
        throw Subject.wrong(
                option,
                name,
                "file: and one of "
                        + PolicyKind.words().stream()
                                .map(Map.Entry::getKey)
                                .collect(Collectors.joining(", ")));
    }

    private record Named(String name, Policy policy) implements Policy {
        @Override
        public Session start() {
            return policy.start();
        }
    }
}
