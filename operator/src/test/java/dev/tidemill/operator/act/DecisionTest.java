package dev.tidemill.operator.act;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.manifests.KubeObject;
import dev.tidemill.operator.act.Decision.Residue;
import dev.tidemill.operator.plan.Declared;
import dev.tidemill.operator.plan.Owner;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DecisionTest {
    private static final Owner DIGITS = new Owner("Model", "digits");

    @Test
    void what_is_not_there_is_made() {
        Wanted wanted = wanted("a", 1);

        assertThat(decide(List.of(wanted), Map.of()))
                .extracting(Action::reason)
                .containsExactly("deployment/a is made for Model/digits");
    }

    @Test
    void what_is_as_it_is_wanted_costs_no_call() {
        Wanted wanted = wanted("a", 1);

        assertThat(decide(List.of(wanted), there(as(wanted, "1", wanted.tree())))).isEmpty();
    }

    @Test
    void a_new_wish_is_applied() {
        Wanted before = wanted("a", 1);
        Wanted now = wanted("a", 2);

        assertThat(decide(List.of(now), there(as(before, "1", before.tree()))))
                .singleElement()
                .satisfies(action -> {
                    assertThat(action.reason())
                            .isEqualTo("deployment/a is changed with Model/digits");
                    assertThat(((Action.Apply) action).why()).isEqualTo(Action.Why.CHANGED);
                });
    }

    @Test
    void what_somebody_else_changed_is_set_back_and_named() {
        Wanted wanted = wanted("a", 1);
        Map<String, Object> changed = new LinkedHashMap<>(wanted.tree());
        changed.put("spec", Map.of("size", 9));

        assertThat(decide(List.of(wanted), there(as(wanted, "2", changed))))
                .extracting(Action::reason)
                .containsExactly(
                        "deployment/a was changed by somebody else and is set back: spec.size");
    }

    @Test
    void a_servers_own_way_of_writing_is_applied_once_and_no_more() {
        Wanted wanted = wanted("a", 1);
        Map<String, Object> written = new LinkedHashMap<>(wanted.tree());
        written.put("spec", Map.of("size", "one"));
        Observed after = as(wanted, "2", written);
        Residue residue = Residue.of(wanted, after);

        assertThat(decide(List.of(wanted), there(after), Map.of(after.key(), residue))).isEmpty();
        Observed later = as(wanted, "7", written);
        assertThat(decide(List.of(wanted), there(later), Map.of(after.key(), residue))).isEmpty();
    }

    @Test
    void what_nobody_wants_any_more_is_removed() {
        Wanted old = wanted("old", 1);

        assertThat(decide(List.of(), there(as(old, "1", old.tree()))))
                .extracting(Action::reason)
                .containsExactly("deployment/old is removed: Model/digits wants it no more");
    }

    @Test
    void what_belongs_to_a_resource_that_is_broken_stays() {
        Wanted old = wanted("old", 1);

        assertThat(
                        Decision.of(
                                List.of(),
                                there(as(old, "1", old.tree())),
                                Map.of(),
                                "Model/digits"::equals,
                                _ -> true))
                .isEmpty();
    }

    @Test
    void what_belonged_to_a_resource_that_is_gone_is_left_to_kubernetes() {
        Wanted old = wanted("old", 1);

        assertThat(
                        Decision.of(
                                List.of(),
                                there(as(old, "1", old.tree())),
                                Map.of(),
                                _ -> false,
                                _ -> false))
                .isEmpty();
    }

    @Test
    void an_object_says_whose_it_is() {
        Wanted wanted = wanted("a", 1);

        assertThat(wanted.tree().toString())
                .contains("ownerReferences", "uid-digits", "tidemill.dev/by=operator");
        assertThat(wanted("a", 1).digest()).isEqualTo(wanted.digest());
        assertThat(wanted("a", 2).digest()).isNotEqualTo(wanted.digest());
    }

    private static List<Action> decide(List<Wanted> wanted, Map<ObjectKey, Observed> there) {
        return decide(wanted, there, Map.of());
    }

    private static List<Action> decide(
            List<Wanted> wanted, Map<ObjectKey, Observed> there, Map<ObjectKey, Residue> residues) {
        return Decision.of(wanted, there, residues, _ -> false, _ -> true);
    }

    private static Map<ObjectKey, Observed> there(Observed observed) {
        return Map.of(observed.key(), observed);
    }

    private static Observed as(Wanted wanted, String version, Map<String, Object> tree) {
        return new Observed(
                wanted.key(), version, wanted.owner().toString(), wanted.digest(), () -> tree);
    }

    private static Wanted wanted(String name, int size) {
        return Wanted.of(
                "ns",
                DIGITS,
                Optional.of(new Declared(DIGITS, "uid-digits", 1, Map.of())),
                new KubeObject(
                        Map.of(
                                "apiVersion",
                                "apps/v1",
                                "kind",
                                "Deployment",
                                "metadata",
                                Map.of("name", name),
                                "spec",
                                Map.of("size", size))));
    }
}
