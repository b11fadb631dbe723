package dev.tidemill.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class LayeringArchitectureTest {
    private static final String[] PURE = {
        "dev.tidemill.spec..",
        "dev.tidemill.limits..",
        "dev.tidemill.guardrails..",
        "dev.tidemill.routing..",
        "dev.tidemill.scaling..",
        "dev.tidemill.rehearsal..",
        "dev.tidemill.manifests.."
    };

    private static final JavaClasses OURS = OurClasses.ALL;

    @Test
    void decision_code_does_no_io_and_no_logging() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.net.http..",
                        "java.nio.file..",
                        "java.nio.channels..",
                        "java.sql..",
                        "java.util.logging..",
                        "org.slf4j..",
                        "io.helidon..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.File")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.System$Logger")
                .because("decisions get data in and give data out; whoever calls them does the I/O")
                .check(OURS);
    }

    @Test
    void processes_never_import_one_another() {
        for (String process : new String[] {"server", "gateway", "control", "operator"}) {
            noClasses()
                    .that()
                    .resideInAPackage("dev.tidemill." + process + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others(process))
                    .because("processes talk over the wire, on a laptop as in a cluster")
                    .check(OURS);
        }
    }

    @Test
    void nobody_depends_on_the_command_line() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.tidemill.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.tidemill.cli..")
                .because("cli wires the others together; they must not know by whom")
                .check(OURS);
    }

    @Test
    void modules_have_no_cycles() {
        slices().matching("dev.tidemill.(*)..")
                .should()
                .beFreeOfCycles()
                .because("a module must be understood without those above it")
                .check(OURS);
    }

    @Test
    void the_contracts_know_no_library_of_an_implementation() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.tidemill.runtimes.spi..", "dev.tidemill.stores.spi..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.onnxruntime..", "org.postgresql..", "org.tribuo..")
                .because(
                        "an implementation's library must not reach those who only use the contract")
                .check(OURS);
    }

    @Test
    void heavy_libraries_stay_in_the_module_that_brings_them() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.tidemill.runtimes.onnx..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.onnxruntime..")
                .because("a runtime can be replaced only where one module knows it")
                .check(OURS);
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.tidemill.protos..",
                        "dev.tidemill.grpc..",
                        "dev.tidemill.gateway.grpc..",
                        "dev.tidemill.server.protocol.grpc..",
                        "dev.tidemill.operator.keda..",
                        "dev.tidemill.testkit..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.grpc..", "io.netty..", "com.google.protobuf..")
                .because("a process without a gRPC port loads none of it")
                .check(OURS);
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.tidemill.stores.redis..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.lettuce..")
                .because("a gateway that shares no limits loads none of it")
                .check(OURS);
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.tidemill.sources.kafka..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..")
                .because("a loop that reads no lag loads none of it")
                .check(OURS);
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.tidemill.cluster..", "dev.tidemill.operator..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8..")
                .because("objects are trees: a version of the client is one module's matter")
                .check(OURS);
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.tidemill.gateway.jwt..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.nimbusds..")
                .because("whoever asks who a caller is need not know what a token is")
                .check(OURS);
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.tidemill.http.tracing..", "dev.tidemill.testkit..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.opentelemetry..")
                .because("a process that records no traces loads none of it")
                .check(OURS);
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.tidemill.control.training..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.tribuo..", "libsvm..", "ai.onnx.proto..")
                .because("training is one feature of control")
                .check(OURS);
    }

    private static String[] others(String process) {
        return Stream.of("server", "gateway", "control", "operator", "cli")
                .filter(other -> !other.equals(process))
                .map(other -> "dev.tidemill." + other + "..")
                .toArray(String[]::new);
    }
}
