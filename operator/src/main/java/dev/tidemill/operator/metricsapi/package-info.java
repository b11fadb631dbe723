/// Kubernetes' metrics APIs, served to HorizontalPodAutoscalers: `custom.metrics.k8s.io` and
/// `external.metrics.k8s.io`, over HTTPS that only the API server may ask.
@NullMarked
package dev.tidemill.operator.metricsapi;

import org.jspecify.annotations.NullMarked;
