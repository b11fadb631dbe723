package dev.tidemill.cli.cluster;

import dev.tidemill.cli.up.Narrator;
import dev.tidemill.cli.up.Trainings;
import dev.tidemill.client.control.ControlClient;
import dev.tidemill.client.control.ModelVersion;
import dev.tidemill.client.control.TrainingRequest;
import dev.tidemill.common.ByteSize;
import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.Source;
import dev.tidemill.spec.Training;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Gives the cluster's registry what a file names on this machine: model files, and data sets for
/// trainings that then run there. What is there already is not sent again.
///
/// @param folder of the file, where relative paths start
record ClusterModels(ControlClient control, Path folder, Narrator narrator) {
    void bring(List<Model> models, List<Training> trainings) {
        for (Model model : models) {
            if (isBrought(model) && model.source() instanceof Source.Path(String path)) {
                ModelVersion version =
                        control.register(
                                model.name(),
                                "from " + Path.of(path).getFileName(),
                                folder.resolve(path));
                narrator.say(model.name(), "registered as version " + version.version());
            }
        }
        new Trainings(control, this::request, narrator).run(trainings);
    }

    /// Whether it is a file of this machine; what is on a volume is nobody's to register.
    static boolean isBrought(Model model) {
        return model.volume().isEmpty() && model.source() instanceof Source.Path;
    }

    TrainingRequest request(Training training) {
        Path file = folder.resolve(training.dataset().path());
        try {
            String digest = Digest.of(file).value();
            if (!control.hasData(digest)) {
                var _ = control.putData(digest, file);
                narrator.say(
                        training.name(),
                        "sent %s (%s)"
                                .formatted(
                                        training.dataset().path(), new ByteSize(Files.size(file))));
            }
            return new TrainingRequest(training.document(), "", Optional.of(digest));
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.NOT_FOUND,
                    "Training/%s spec.dataset.path: '%s' (expected: a readable file)"
                            .formatted(training.name(), file),
                    e);
        }
    }
}
