package dev.tidemill.server.functions.jpeg;

/// A decoded picture.
///
/// @param components a pixel: 1 is grey, 3 are red, green and blue, 4 are as the file has them
/// @param samples 0 to 255, by rows from the top, `components` for each pixel
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
public record JpegImage(int width, int height, int components, byte[] samples) {}
