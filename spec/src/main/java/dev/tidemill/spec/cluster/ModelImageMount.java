package dev.tidemill.spec.cluster;

/// How pods get at models that come in images.
public enum ModelImageMount {
    /// As a volume of the pod, which nodes do from Kubernetes 1.35 on, or 1.33 where it is switched
    /// on, with containerd 2.1 or CRI-O 1.31.
    VOLUME,
    /// Copied at the start of a pod by a shell in the image.
    COPY
}
