package dev.tidemill.runtimes.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.TensorInfo.OnnxTensorType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Makes tensors of UINT16, UINT32 and UINT64, which the binding reads but offers no method to
/// make. Its native method takes any type; this calls it where the binding keeps it to itself.
/// `OnnxRuntimeTest` fails when a new version of the binding has moved it.
final class UnsignedTensors {
    private final Method create;
    private final Constructor<OnnxTensor> tensor;
    private final Constructor<TensorInfo> info;
    private final long api;
    private final long allocator;

    private UnsignedTensors(OrtEnvironment environment) throws ReflectiveOperationException {
        create =
                OnnxTensor.class.getDeclaredMethod(
                        "createTensorFromBuffer",
                        long.class,
                        long.class,
                        Buffer.class,
                        int.class,
                        long.class,
                        long[].class,
                        int.class);
        create.setAccessible(true);
        tensor =
                OnnxTensor.class.getDeclaredConstructor(
                        long.class, long.class, TensorInfo.class, Buffer.class, boolean.class);
        tensor.setAccessible(true);
        info =
                TensorInfo.class.getDeclaredConstructor(
                        long[].class, OnnxJavaType.class, OnnxTensorType.class);
        info.setAccessible(true);
        api = (long) value(Class.forName("ai.onnxruntime.OnnxRuntime"), "ortApiHandle", null);
        Object defaults = value(OrtEnvironment.class, "defaultAllocator", environment);
        allocator = (long) value(defaults.getClass(), "handle", defaults);
    }

    /// @throws IllegalStateException when this binding is not the one it was written for
    static UnsignedTensors of(OrtEnvironment environment) {
        try {
            return new UnsignedTensors(environment);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "ONNX Runtime: 'its Java binding has changed' (expected: a way to make unsigned tensors)",
                    e);
        }
    }

    /// @param data native, and kept by the caller until the tensor is closed
    OnnxTensor make(ByteBuffer data, long[] shape, OnnxJavaType sameWidth, OnnxTensorType type)
            throws OrtException {
        try {
            long handle =
                    (long)
                            create.invoke(
                                    null,
                                    api,
                                    allocator,
                                    data,
                                    data.position(),
                                    (long) data.remaining(),
                                    shape,
                                    type.value);
            return tensor.newInstance(
                    handle, allocator, info.newInstance(shape, sameWidth, type), data, false);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof OrtException cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object value(Class<?> type, String field, @Nullable Object of)
            throws ReflectiveOperationException {
        Field found = type.getDeclaredField(field);
        found.setAccessible(true);
        return found.get(of);
    }
}
