package dev.tidemill.control.training;

import static java.util.Objects.requireNonNull;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.tidemill.spec.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import libsvm.svm;
import org.tribuo.Example;
import org.tribuo.Feature;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.ONNXExportable;
import org.tribuo.Trainer;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.libsvm.LibSVMClassificationTrainer;
import org.tribuo.classification.libsvm.SVMClassificationType;
import org.tribuo.classification.libsvm.SVMClassificationType.SVMMode;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.common.libsvm.KernelType;
import org.tribuo.common.libsvm.SVMParameters;
import org.tribuo.datasource.ListDataSource;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/// Fits one model with Tribuo and exports it.
final class TribuoFit {
    /// Part of a run's input digest: raise it when the same data would give another model.
    static final String VERSION = "tribuo-4.3.2/2";

    private final Training training;
    private final Deadline deadline;
    private final String[] names;

    /// @param width columns of the data
    TribuoFit(Training training, Deadline deadline, int width) {
        this.training = training;
        this.deadline = deadline;
        this.names = names(width);
        // libsvm prints its progress to standard output, which is our supervisor's channel; being
        // asked to print is also the only occasion to stop it.
        svm.svm_set_print_string_function(_ -> deadline.check());
    }

    Fitted fit(Data data, List<Integer> rows) {
        LabelFactory labels = new LabelFactory();
        // Of hashed text nearly all buckets are empty, and every column costs in every pass.
        boolean sparse = !data.texts().isEmpty();
        List<Example<Label>> examples = new ArrayList<>(rows.size());
        for (int row : rows) {
            examples.add(example(data.vectors().get(row), data.labels().get(row), sparse));
        }
        MutableDataset<Label> dataset =
                new MutableDataset<>(
                        new ListDataSource<>(
                                examples,
                                labels,
                                new SimpleDataSourceProvenance(training.name(), labels)));
        Model<Label> model = trainer(examples.size()).train(dataset);
        List<String> classes = new ArrayList<>();
        for (int id = 0; id < model.getOutputIDInfo().size(); id++) {
            classes.add(model.getOutputIDInfo().getOutput(id).getLabel());
        }
        return new Fitted(export(model, data.width()), classes, own(model, classes, sparse));
    }

    private Trainer<Label> trainer(int rows) {
        return switch (training.trainer()) {
            case SVM -> {
                SVMParameters<Label> parameters =
                        new SVMParameters<>(
                                new SVMClassificationType(SVMMode.C_SVC), KernelType.RBF);
                parameters.setCost(parameter("cost"));
                parameters.setGamma(parameter("gamma"));
                parameters.setProbability();
                yield new LibSVMClassificationTrainer(parameters, training.seed());
            }
            case LOGISTIC ->
                    new LinearSGDTrainer(
                            new LogMulticlass(),
                            new StoppableOptimiser(
                                    new AdaGrad(parameter("learningRate")), deadline),
                            (int) parameter("epochs"),
                            // No progress lines: one would be logged each so many rows.
                            Math.max(1, rows) * 1000,
                            1,
                            training.seed());
            case PROGRAM ->
                    throw new IllegalStateException("a program of one's own fits elsewhere");
        };
    }

    private double parameter(String name) {
        Double value = training.parameters().get(name);
        if (value == null) {
            throw new IllegalStateException("parameters." + name + " has no default");
        }
        return value;
    }

    private Function<float[], double[]> own(
            Model<Label> model, List<String> classes, boolean sparse) {
        return vector -> {
            Map<String, Label> scores =
                    model.predict(example(vector, classes.getFirst(), sparse)).getOutputScores();
            double[] own = new double[classes.size()];
            for (int i = 0; i < own.length; i++) {
                own[i] = requireNonNull(scores.get(classes.get(i))).getScore();
            }
            return own;
        };
    }

    private ArrayExample<Label> example(float[] vector, String label, boolean sparse) {
        List<Feature> features = new ArrayList<>();
        for (int column = 0; column < vector.length; column++) {
            if (!sparse || vector[column] != 0) {
                features.add(new Feature(names[column], vector[column]));
            }
        }
        return new ArrayExample<>(new Label(label), features);
    }

    /// Tribuo orders columns by name, so names are padded to sort as numbers do.
    private static String[] names(int width) {
        String[] names = new String[width];
        for (int column = 0; column < width; column++) {
            String digits = String.valueOf(column);
            names[column] = "0".repeat(Math.max(0, 6 - digits.length())) + digits;
        }
        return names;
    }

    /// Without provenance, which holds the time and would give equal models different digests.
    private static byte[] export(Model<Label> model, int width) {
        if (!(model instanceof ONNXExportable exportable)) {
            throw new IllegalStateException(model.getClass() + " cannot be exported");
        }
        ModelProto exported = exportable.exportONNXModel("dev.tidemill", 1);
        List<Integer> columns = new ArrayList<>();
        for (int id = 0; id < model.getFeatureIDMap().size(); id++) {
            columns.add(Integer.parseInt(model.getFeatureIDMap().get(id).getName()));
        }
        ModelProto whole =
                columns.size() == width ? exported : ColumnPick.prepend(exported, columns, width);
        return whole.toBuilder()
                .clearMetadataProps()
                .clearDocString()
                .setGraph(whole.getGraph().toBuilder().clearDocString())
                .build()
                .toByteArray();
    }
}
