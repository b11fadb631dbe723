package dev.tidemill.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

final class StyleArchitectureTest {
    private static final JavaClasses OURS = OurClasses.ALL;

    @Test
    void classes_are_named_by_what_is_special_about_them() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .because("InMemoryModelStore says more than ModelStoreImpl")
                .check(OURS);
    }

    @Test
    void what_a_class_needs_comes_through_its_constructor() {
        noMethods()
                .that()
                .areStatic()
                .should()
                .haveName("getInstance")
                .because("a global cannot be replaced in a test")
                .check(OURS);
        fields().that()
                .areStatic()
                .should()
                .beFinal()
                .because("static state that changes is shared by everything in the process")
                .check(OURS);
    }

    @Test
    void time_and_chance_are_inputs() {
        noClasses()
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDate.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .callMethod(ZonedDateTime.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(ThreadLocalRandom.class, "current")
                .orShould()
                .callMethod(Math.class, "random")
                .because("a test turns the clock and picks the seed")
                .check(OURS);
    }

    @Test
    void nothing_reactive_and_no_injection_framework() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.util.concurrent.Flow..",
                        "reactor..",
                        "io.reactivex..",
                        "org.springframework..",
                        "com.google.inject..",
                        "jakarta.inject..")
                .because(
                        "blocking code on virtual threads, wired by hand, can be read from top to bottom")
                .check(OURS);
    }

    @Test
    void every_package_is_null_marked() {
        classes()
                .that()
                .doNotHaveSimpleName("package-info")
                .should(
                        new ArchCondition<>("be in a package whose package-info is @NullMarked") {
                            @Override
                            public void check(JavaClass item, ConditionEvents events) {
                                boolean marked =
                                        item.getPackage()
                                                .getPackageInfo()
                                                .isAnnotatedWith(NullMarked.class);
                                events.add(
                                        new SimpleConditionEvent(
                                                item, marked, item.getName() + " is not"));
                            }
                        })
                .because("the null checker looks only at marked packages")
                .check(OURS);
    }

    @Test
    void classes_are_final_or_abstract_unless_they_are_extended_here() {
        classes()
                .that()
                .areNotInterfaces()
                .and()
                .areNotEnums()
                .and()
                .areNotAnonymousClasses()
                .and()
                .doNotHaveSimpleName("package-info")
                .should(
                        new ArchCondition<>("be final, abstract or extended here") {
                            @Override
                            public void check(JavaClass item, ConditionEvents events) {
                                boolean fine =
                                        item.getModifiers().contains(JavaModifier.FINAL)
                                                || item.getModifiers()
                                                        .contains(JavaModifier.ABSTRACT)
                                                || !item.getSubclasses().isEmpty();
                                events.add(
                                        new SimpleConditionEvent(
                                                item, fine, item.getName() + " is not"));
                            }
                        })
                .because("a class that was not designed for inheritance should say so")
                .check(OURS);
    }
}
