package dev.tidemill.control.training;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;

/// Puts a `Gather` in front of an exported model, so that it takes whole vectors and looks only at
/// the columns that it learned from. Without it a model of hashed text would have to be trained on
/// every bucket, also those that no text of the data falls into.
final class ColumnPick {
    private static final String PICKED = "picked";
    private static final String COLUMNS = "columns";

    private ColumnPick() {}

    /// @param columns which columns of the whole vector the model was trained on, in its order
    /// @param width of the whole vector
    static ModelProto prepend(ModelProto model, List<Integer> columns, int width) {
        GraphProto graph = model.getGraph();
        GraphProto.Builder picked = graph.toBuilder().clearNode().clearInput();
        picked.addInput(input(graph.getInput(0), width));
        picked.addInitializer(indices(columns));
        picked.addNode(
                NodeProto.newBuilder()
                        .setName(PICKED)
                        .setOpType("Gather")
                        .addInput(Fitted.INPUT)
                        .addInput(COLUMNS)
                        .addOutput(PICKED)
                        .addAttribute(
                                AttributeProto.newBuilder()
                                        .setName("axis")
                                        .setType(AttributeProto.AttributeType.INT)
                                        .setI(1)));
        for (NodeProto node : graph.getNodeList()) {
            NodeProto.Builder redirected = node.toBuilder();
            for (int i = 0; i < node.getInputCount(); i++) {
                if (node.getInput(i).equals(Fitted.INPUT)) {
                    redirected.setInput(i, PICKED);
                }
            }
            picked.addNode(redirected);
        }
        return model.toBuilder().setGraph(picked).build();
    }

    private static ValueInfoProto input(ValueInfoProto old, int width) {
        ValueInfoProto.Builder input = old.toBuilder();
        TensorShapeProto.Builder shape =
                input.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder();
        shape.getDimBuilder(1).setDimValue(width);
        return input.build();
    }

    private static TensorProto indices(List<Integer> columns) {
        TensorProto.Builder indices =
                TensorProto.newBuilder()
                        .setName(COLUMNS)
                        .setDataType(TensorProto.DataType.INT64.getNumber())
                        .addDims(columns.size());
        columns.forEach(indices::addInt64Data);
        return indices.build();
    }
}
