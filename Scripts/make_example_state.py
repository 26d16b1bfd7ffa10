"""Writes digits_adam.pt, the saved state of an optimizer that the documentation looks at: PyTorch's Adam after 400 steps of a small network.

    python3 -m venv torch && torch/bin/pip install torch numpy
    torch/bin/python Scripts/make_example_state.py Sources/CDatasets/Files/digits.csv Sources/CDatasets/Files/digits_adam.pt
"""
import sys

import torch

table = torch.tensor([[float(cell) for cell in line.split(",")] for line in open(sys.argv[1])])
images, labels = table[:, :64] / 16, table[:, 64].long()
torch.manual_seed(1)
model = torch.nn.Sequential(
    torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10))
optimizer = torch.optim.Adam(model.named_parameters(), lr=1e-3, betas=(0.9, 0.999), eps=1e-8)
for step in range(400):
    batch = torch.randint(len(images), (16,))
    loss = torch.nn.functional.cross_entropy(model(images[batch]), labels[batch])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
torch.save(optimizer.state_dict(), sys.argv[2])
print(f"loss {loss.item():.3f}")
