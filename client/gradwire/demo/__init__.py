"""`gradwire demo`: gradients taken through a real server and compared with known ones, and a network trained there."""

from gradwire.demo.run import run as run
