package dev.tidemill.routing;

import org.jspecify.annotations.Nullable;

/// What a [RouteCondition] looks at.
public interface RequestTraits {
    /// The header's first value.
    ///
    /// @param name in small letters
    @Nullable String header(String name);

    @Nullable String cookie(String name);

    /// A number from 0 to 1 (exclusive): of this request, or always the same for one client when
    /// the route is sticky.
    double share();
}
