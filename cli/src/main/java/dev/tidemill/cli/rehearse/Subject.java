package dev.tidemill.cli.rehearse;

import dev.tidemill.common.DurationText;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.rehearsal.Service;
import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.objective.Objective;
import dev.tidemill.scaling.objective.Replica;
import dev.tidemill.scaling.objective.TokenCost;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What is rehearsed: a model of a file, or nothing but options; and what was taken for granted
/// because neither says it.
///
/// @param model empty without a file
/// @param tokens what they cost, where the file says it
public record Subject(
        String title,
        Optional<Model> model,
        Service service,
        Bounds bounds,
        double late,
        Optional<TokenCost> tokens,
        List<String> notes) {
    private static final int SLOTS = 4;
    private static final Duration SLOT_TIME = Duration.ofMillis(200);
    private static final Duration START_UP = Duration.ofSeconds(15);
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final double LATE = 0.01;
    private static final int MAX = 1000;

    /// @param resources of the file; empty without one
    /// @param name of the model; empty for the only one
    public static Subject of(List<Resource> resources, String name, Stated stated) {
        Optional<Model> model = resources.isEmpty() ? Optional.empty() : model(resources, name);
        List<String> assumed = new ArrayList<>();
        Optional<Replica> replica = model.map(each -> each.scaling().replica());
        int slots = slots(stated.slots(), replica, assumed);
        Duration slotTime =
                time(
                        "--slot-time",
                        stated.slotTime(),
                        replica.map(Replica::slotTime),
                        SLOT_TIME,
                        assumed,
                        "a request takes");
        Duration startUp =
                time(
                        "--start-up",
                        stated.startUp(),
                        replica.map(Replica::startUp),
                        START_UP,
                        assumed,
                        "a start takes");
        Duration limit =
                time(
                        "--limit",
                        stated.limit(),
                        model.map(each -> limit(each, slotTime)),
                        LIMIT,
                        assumed,
                        "late is a wait above");
        int min =
                whole(
                        "--min",
                        stated.min(),
                        model.map(each -> each.scaling().min()).orElse(1),
                        0,
                        100_000);
        int max =
                whole(
                        "--max",
                        stated.max(),
                        model.map(each -> each.scaling().max()).orElse(Math.max(min, MAX)),
                        Math.max(1, min),
                        1_000_000);
        if (slotTime.isZero()) {
            throw wrong("--slot-time", stated.slotTime(), "above 0");
        }
        List<String> notes = new ArrayList<>();
        if (model.isPresent()) {
            notes.add(
                    "slots, times and bounds are the file's where no option says otherwise; live, they"
                            + " are measured");
        }
        if (!assumed.isEmpty()) {
            notes.add("taken for granted: " + String.join(", ", assumed));
        }
        return new Subject(
                model.map(each -> "Model/" + each.name()).orElse("a service"),
                model,
                new Service(slots, slotTime, startUp, limit, Duration.ofSeconds(30)),
                new Bounds(min, max),
                stated.late().isEmpty()
                        ? model.map(each -> each.scaling().objective().late()).orElse(LATE)
                        : share(stated.late()),
                replica.map(Replica::tokens),
                notes);
    }

    /// Tokens say themselves how long a request takes: what was taken for granted of that is moot.
    public Subject with(Service other) {
        List<String> said = new ArrayList<>();
        said.add(
                "tokens as they come: %d sequences at once of %s s each on average"
                        .formatted(other.slots(), Summary.number(other.slotSeconds())));
        return new Subject(title, model, other, bounds, late, tokens, said);
    }

    private static Optional<Model> model(List<Resource> resources, String name) {
        List<Model> models =
                resources.stream()
                        .filter(Model.class::isInstance)
                        .map(Model.class::cast)
                        .filter(each -> each.sharesReplicasWith().isEmpty())
                        .toList();
        List<Model> wanted =
                name.isEmpty()
                        ? models
                        : models.stream().filter(each -> each.name().equals(name)).toList();
        if (wanted.size() != 1) {
            throw wrong(
                    "--model",
                    name.isEmpty() ? "none" : name,
                    models.isEmpty()
                            ? "a file with a Model that has replicas of its own"
                            : "one of "
                                    + models.stream()
                                            .map(Resource::name)
                                            .collect(Collectors.joining(", ")));
        }
        return Optional.of(wanted.getFirst());
    }

    private static int whole(String option, String text, int otherwise, int least, int most) {
        if (text.isEmpty()) {
            return otherwise;
        }
        String expected = "a whole number from %d to %d".formatted(least, most);
        try {
            int value = Integer.parseInt(text);
            if (value < least || value > most) {
                throw wrong(option, text, expected);
            }
            return value;
        } catch (NumberFormatException e) {
            throw wrong(option, text, expected);
        }
    }

    private static int slots(String text, Optional<Replica> replica, List<String> assumed) {
        int slots = whole("--slots", text, replica.map(Replica::slots).orElse(SLOTS), 1, 1_000_000);
        if (text.isEmpty() && replica.isEmpty()) {
            assumed.add("%d slots a replica (--slots)".formatted(slots));
        }
        return slots;
    }

    /// What a request may wait: of a promise that counts until the answer, what the work leaves.
    private static Duration limit(Model model, Duration slotTime) {
        Objective objective = model.scaling().objective();
        Duration left = objective.latency().minus(slotTime);
        return switch (objective.counts()) {
            case WAIT -> objective.latency();
            case TOTAL -> left.isNegative() ? Duration.ZERO : left;
        };
    }

    private static Duration time(
            String option,
            String text,
            Optional<Duration> ofFile,
            Duration otherwise,
            List<String> assumed,
            String words) {
        if (text.isEmpty() && ofFile.isPresent()) {
            return ofFile.get();
        }
        if (text.isEmpty()) {
            assumed.add("%s %s (%s)".formatted(words, DurationText.format(otherwise), option));
            return otherwise;
        }
        try {
            return DurationText.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong(option, text, DurationText.EXPECTED);
        }
    }

    private static double share(String text) {
        boolean percent = text.endsWith("%");
        try {
            double value =
                    Double.parseDouble(
                            percent ? text.substring(0, text.length() - 1).strip() : text);
            double share = percent ? value / 100 : value;
            if (share > 0 && share < 1) {
                return share;
            }
        } catch (NumberFormatException _) {
            // Refused below.
        }
        throw wrong("--late", text, "a share above 0 and below 1, such as 1% or 0.01");
    }

    static TidemillException wrong(String option, String value, String expected) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "%s: '%s' (expected: %s)".formatted(option, value, expected));
    }
}
