/// The rules of layering and style, executed over every module.
package dev.tidemill.architecture;
