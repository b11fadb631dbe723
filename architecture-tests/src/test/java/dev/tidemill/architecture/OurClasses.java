package dev.tidemill.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/// What every rule looks at, read once: reading takes longer than all rules together.
///
/// Generated code is left out. It has its generator's style, and its module uses none of ours,
/// which the POM says and [ModuleTableTest] compares; that others use it is seen without it.
final class OurClasses {
    static final JavaClasses ALL =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .withImportOption(location -> !location.contains("dev/tidemill/protos/"))
                    .importPackages("dev.tidemill");

    private OurClasses() {}
}
