"""Tirofiban dosing and protocol calculator for rescue therapy after stroke thrombectomy."""

__version__ = "0.1.0"
