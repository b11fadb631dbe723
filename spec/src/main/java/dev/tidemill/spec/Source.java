package dev.tidemill.spec;

/// Where a model comes from.
public sealed interface Source {
    /// As it is written in the file: `digits`, `digits@production`, `digits:3`, `./model.onnx`,
    /// `oci://example.com/models/digits:3`.
    String text();

    /// A version in the registry.
    record Registry(String model, Selector selector) implements Source {
        @Override
        public String text() {
            return switch (selector) {
                case Selector.Latest() -> model;
                case Selector.Alias(String alias) -> model + "@" + alias;
                case Selector.Version(int number) -> model + ":" + number;
            };
        }
    }

    /// An image with the model's folder in its `/models`, as KServe has them.
    ///
    /// @param reference with its tag or digest
    record Image(String reference) implements Source {
        @Override
        public String text() {
            return SourceType.OCI + reference;
        }
    }

    /// @param path of an `.onnx` file, relative to the folder of the resource file, or absolute
    record Path(String path) implements Source {
        @Override
        public String text() {
            return path;
        }
    }
}
