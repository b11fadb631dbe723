package dev.tidemill.operator.plan;

/// The custom resource that an object is made for.
public record Owner(String kind, String name) {
    /// For what the whole namespace needs and no resource asks for.
    public static final Owner NAMESPACE = new Owner("Namespace", "");

    @Override
    public String toString() {
        return kind + "/" + name;
    }
}
