package dev.tidemill.spec;

/// The built-in trainers.
public enum Trainer {
    /// Support vector classification with a radial basis kernel (LibSVM).
    SVM,
    /// Multinomial logistic regression by stochastic gradient descent.
    LOGISTIC
}
