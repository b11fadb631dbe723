package dev.tidemill.spec;

/// What makes the model.
public enum Trainer {
    /// Support vector classification with a radial basis kernel (LibSVM).
    SVM,
    /// Multinomial logistic regression by stochastic gradient descent.
    LOGISTIC,
    /// A program of one's own, in an image; see
    /// [TrainingProgram][dev.tidemill.spec.cluster.TrainingProgram].
    PROGRAM
}
