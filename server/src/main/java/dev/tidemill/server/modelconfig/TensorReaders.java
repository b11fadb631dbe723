package dev.tidemill.server.modelconfig;

import dev.tidemill.runtimes.spi.DataType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `input`, `output`, and Triton's names of types.
final class TensorReaders {
    private static final Map<String, DataType> TYPES = types();
    private static final Map<String, String> FORMATS =
            Map.of("FORMAT_NONE", "", "FORMAT_NHWC", "FORMAT_NHWC", "FORMAT_NCHW", "FORMAT_NCHW");

    private TensorReaders() {}

    static List<TensorConfig> tensors(Section top, String field) {
        List<TensorConfig> tensors = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Section section : top.sections(field)) {
            TensorConfig tensor = tensor(section, field.equals("input"));
            if (tensor.name().isEmpty() || !names.add(tensor.name())) {
                section.findings()
                        .wrong(
                                section.place(),
                                section.path("name"),
                                tensor.name(),
                                "a name, each once");
            }
            tensors.add(tensor);
        }
        return tensors;
    }

    /// `data_type`, which must be there.
    static DataType type(Section section) {
        if (!section.has("data_type")) {
            section.findings()
                    .wrong(section.place(), section.path("data_type"), "missing", "a type");
        }
        return section.word("data_type", TYPES, DataType.FP32);
    }

    /// `TYPE_FP32`, and so on.
    static String name(DataType type) {
        return type == DataType.BYTES ? "TYPE_STRING" : "TYPE_" + type;
    }

    private static TensorConfig tensor(Section section, boolean input) {
        String name = section.text("name");
        DataType type = type(section);
        List<Long> dims = section.numbers("dims", -1, Long.MAX_VALUE);
        if (dims.contains(0L)) {
            section.findings().wrong(section.place(), section.path("dims"), "0", "-1 or >= 1");
        }
        section.unsupported("write the shape that the model itself has", "reshape");
        section.unsupportedWhenTrue("is_shape_tensor", "ONNX Runtime has no shape tensors");
        section.ignored("it is about TensorRT", "is_non_linear_format_io");
        String labels = "";
        boolean optional = false;
        if (input) {
            if (!section.word("format", FORMATS, "").isEmpty()) {
                section.ignored("data pass to the model as they are", "format");
            }
            section.unsupportedWhenTrue("allow_ragged_batch", "rows of a batch have one shape");
            optional = section.flag("optional");
        } else {
            labels = section.text("label_filename");
        }
        section.finish();
        return new TensorConfig(name, type, dims, labels, optional);
    }

    private static Map<String, DataType> types() {
        Map<String, DataType> types = new LinkedHashMap<>();
        for (DataType type : DataType.values()) {
            types.put(name(type), type);
        }
        return types;
    }
}
