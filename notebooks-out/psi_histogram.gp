# Histograms of psi_t, mu = 0, gradients normal, and the exact density beside those that Scale-inv-chi-square predicts
# gnuplot psi_histogram.gp   draws psi_histogram.svg from psi_histogram.csv, psi_histogram-curves.csv, all beside this script.
# rsvg-convert -f pdf -o psi_histogram.pdf psi_histogram.svg   makes the PDF of that, with text as text.

reset
set encoding utf8
# Work beside the script, wherever gnuplot was started.
end_of_folder = 0
if (exists('ARG0')) { do for [i=1:strlen(ARG0)] { if (ARG0[i:i] eq '/') { end_of_folder = i } } }
if (end_of_folder > 0) { cd ARG0[1:end_of_folder] }

# 6.9 by 3.5 inches at 96 pixels to the inch; fontscale and linewidth make sizes points.
set terminal svg size 662,336 fixed enhanced font 'Liberation Sans,8' \
    fontscale 1.3333 linewidth 1.3333 background '#ffffff' name 'psi_histogram'
# sed: without xml:space, programs drop the spaces beside a subscript; the further fonts have the same widths.
set output "| sed -e 's/<text>/<text xml:space=\"preserve\">/' \
    -e 's/\"Liberation Sans\"/\"Liberation Sans, Arial, Helvetica, sans-serif\"/' > psi_histogram.svg"

# The tables: the first line names the columns. cell('y') ends a line at an empty cell, where a bare 'y' draws on
# to the next point; cell_where('mu', 0.1, 'y') takes the rows in which mu is 0.1, which must follow each other.
set datafile separator comma
set datafile columnheaders
cell(name) = strlen(strcol(name)) ? column(name) : NaN
cell_where(key, number, name) = column(key) == number ? cell(name) : NaN

# Axes below and at the left, ticks outwards, a light grid behind.
set minussign
set border 3 linewidth 0.5 linecolor rgb '#000000'
set tics nomirror out scale 0.5,0.25 offset 0,0
set format '%g'
set grid xtics ytics back linetype 1 linewidth 0.4 linecolor rgb '#dddddd' dashtype solid
set style fill solid 1 noborder
set key noautotitle samplen 2.5 spacing 1.1
set samples 500

# Colours of Okabe and Ito, with dashes, so that lines differ without colour too.
set linetype 1 linecolor rgb '#000000' linewidth 1 dashtype solid pointtype 7 pointsize 0.3
set linetype 2 linecolor rgb '#0072b2' linewidth 1 dashtype (8,3) pointtype 5 pointsize 0.3
set linetype 3 linecolor rgb '#d55e00' linewidth 1 dashtype (10,3,2,3) pointtype 9 pointsize 0.3
set linetype 4 linecolor rgb '#009e73' linewidth 1 dashtype (2,2.5) pointtype 11 pointsize 0.3
set linetype 5 linecolor rgb '#cc79a7' linewidth 1 dashtype (10,3,2,3,2,3) pointtype 6 pointsize 0.3
set linetype 6 linecolor rgb '#e69f00' linewidth 1 dashtype (16,4) pointtype 4 pointsize 0.3
set linetype 7 linecolor rgb '#56b4e9' linewidth 1 dashtype (5,2.5) pointtype 8 pointsize 0.3

set multiplot

# Panel 1.
set margins screen 0.0805, screen 0.3374, screen 0.5595, screen 0.873
set title '{/:Italic t} = 5' offset 0,-0.7
set format x ''
set format y '%g'
set xlabel '' offset 0,0.5
set ylabel 'density' offset 0.3,0
set format '%g'
set xrange [0.3080799999999999:4.73392]
set xtics 2
set yrange [0:1.3883455344070277]
set ytics 0.5
unset label
set label 'exact' at 1.035475,1.171626397 left front offset character 1.1,0 font ',7' textcolor rgb '#000000'
set label '{/:Italic ρ_t}' at 1.18915,0.8971811103 left front offset character 1.1,0 font ',7' textcolor rgb '#d55e00'
set label '{/:Italic ν_t}' at 1.376975,0.583525547 left front offset character 1.1,0 font ',7' textcolor rgb '#0072b2'
plot 'psi_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(cell_where('t', 5, 'density')):(column('bin_high')-column('bin_low')) \
        with boxes fillcolor rgb '#cccccc' fillstyle solid 1 noborder, \
     'psi_histogram-curves.csv' using (column('psi')):(cell('density_exact')) every ::0::240 with lines linetype 1 linewidth 1.6, \
     'psi_histogram-curves.csv' using (column('psi')):(cell('density_rho_t')) every ::0::240 with lines linetype 3 linewidth 0.9, \
     'psi_histogram-curves.csv' using (column('psi')):(cell('density_nu_t')) every ::0::240 with lines linetype 2 linewidth 0.9

# Panel 2.
set margins screen 0.4018, screen 0.6586, screen 0.5595, screen 0.873
set title '{/:Italic t} = 10' offset 0,-0.7
set format x ''
set format y ''
set xlabel '' offset 0,0.5
set ylabel '' offset 0.3,0
set format '%g'
set xrange [0.48872000000000004:2.46728]
set xtics 0.5
set yrange [0:2.0090829694323142]
set ytics 1
unset label
set label 'exact' at 1.0429,1.653863883 left front offset character 1.1,0 font ',7' textcolor rgb '#000000'
set label '{/:Italic ρ_t}' at 1.1574,1.247679114 left front offset character 1.1,0 font ',7' textcolor rgb '#d55e00'
set label '{/:Italic ν_t}' at 1.279533333,0.8161549537 left front offset character 1.1,0 font ',7' textcolor rgb '#0072b2'
plot 'psi_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(cell_where('t', 10, 'density')):(column('bin_high')-column('bin_low')) \
        with boxes fillcolor rgb '#cccccc' fillstyle solid 1 noborder, \
     'psi_histogram-curves.csv' using (column('psi')):(cell('density_exact')) every ::241::481 with lines linetype 1 linewidth 1.6, \
     'psi_histogram-curves.csv' using (column('psi')):(cell('density_rho_t')) every ::241::481 with lines linetype 3 linewidth 0.9, \
     'psi_histogram-curves.csv' using (column('psi')):(cell('density_nu_t')) every ::241::481 with lines linetype 2 linewidth 0.9

# Panel 3.
set margins screen 0.723, screen 0.9799, screen 0.5595, screen 0.873
set title '{/:Italic t} = 100' offset 0,-0.7
set format x '%g'
set format y ''
set xlabel '{/:Italic ψ_t}' offset 0,0.5
set ylabel '' offset 0.3,0
set format '%g'
set xrange [0.790308:1.259892]
set xtics 0.2
set yrange [0:6.527690892364307]
set ytics 2
unset label
set label 'exact' at 1.0251,5.170606137 left front offset character 1.1,0 font ',7' textcolor rgb '#000000'
set label '{/:Italic ρ_t}' at 1.059521667,3.841643804 left front offset character 1.1,0 font ',7' textcolor rgb '#d55e00'
set label '{/:Italic ν_t}' at 1.09032,2.549325797 left front offset character 1.1,0 font ',7' textcolor rgb '#0072b2'
plot 'psi_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(cell_where('t', 100, 'density')):(column('bin_high')-column('bin_low')) \
        with boxes fillcolor rgb '#cccccc' fillstyle solid 1 noborder, \
     'psi_histogram-curves.csv' using (column('psi')):(cell('density_exact')) every ::482::722 with lines linetype 1 linewidth 1.6, \
     'psi_histogram-curves.csv' using (column('psi')):(cell('density_rho_t')) every ::482::722 with lines linetype 3 linewidth 0.9, \
     'psi_histogram-curves.csv' using (column('psi')):(cell('density_nu_t')) every ::482::722 with lines linetype 2 linewidth 0.9

# Panel 4.
set margins screen 0.0805, screen 0.3374, screen 0.1111, screen 0.4246
set title '{/:Italic t} = 1000' offset 0,-0.7
set format x '%g'
set format y '%g'
set xlabel '{/:Italic ψ_t}' offset 0,0.5
set ylabel 'density' offset 0.3,0
set format '%g'
set xrange [0.922648:1.075252]
set xtics 0.05
set yrange [0:19.444585987261135]
set ytics 5
unset label
set label 'exact' at 1.0095475,15.65539456 left front offset character 1.1,0 font ',7' textcolor rgb '#000000'
set label '{/:Italic ρ_t}' at 1.02073375,11.28998222 left front offset character 1.1,0 font ',7' textcolor rgb '#d55e00'
set label '{/:Italic ν_t}' at 1.02897625,7.952163599 left front offset character 1.1,0 font ',7' textcolor rgb '#0072b2'
plot 'psi_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(cell_where('t', 1000, 'density')):(column('bin_high')-column('bin_low')) \
        with boxes fillcolor rgb '#cccccc' fillstyle solid 1 noborder, \
     'psi_histogram-curves.csv' using (column('psi')):(cell('density_exact')) every ::723::963 with lines linetype 1 linewidth 1.6, \
     'psi_histogram-curves.csv' using (column('psi')):(cell('density_rho_t')) every ::723::963 with lines linetype 3 linewidth 0.9, \
     'psi_histogram-curves.csv' using (column('psi')):(cell('density_nu_t')) every ::723::963 with lines linetype 2 linewidth 0.9

# Panel 5.
set margins screen 0.4018, screen 0.6586, screen 0.1111, screen 0.4246
set title '{/:Italic t} = 6000' offset 0,-0.7
set format x '%g'
set format y ''
set xlabel '{/:Italic ψ_t}' offset 0,0.5
set ylabel '' offset 0.3,0
set format '%g'
set xrange [0.9463187999999999:1.0503012]
set xtics 0.05
set yrange [0:28.671375155795555]
set ytics 10
unset label
set label 'exact' at 1.0067345,22.95659734 left front offset character 1.1,0 font ',7' textcolor rgb '#000000'
set label '{/:Italic ρ_t}' at 1.013554333,17.34021108 left front offset character 1.1,0 font ',7' textcolor rgb '#d55e00'
set label '{/:Italic ν_t}' at 1.019973,11.44684199 left front offset character 1.1,0 font ',7' textcolor rgb '#0072b2'
plot 'psi_histogram.csv' using (0.5*(column('bin_low')+column('bin_high'))):(cell_where('t', 6000, 'density')):(column('bin_high')-column('bin_low')) \
        with boxes fillcolor rgb '#cccccc' fillstyle solid 1 noborder, \
     'psi_histogram-curves.csv' using (column('psi')):(cell('density_exact')) every ::964::1204 with lines linetype 1 linewidth 1.6, \
     'psi_histogram-curves.csv' using (column('psi')):(cell('density_rho_t')) every ::964::1204 with lines linetype 3 linewidth 0.9, \
     'psi_histogram-curves.csv' using (column('psi')):(cell('density_nu_t')) every ::964::1204 with lines linetype 2 linewidth 0.9

# The legend, as an empty plot.
set margins screen 0.0081, screen 0.9919, screen 0.9444, screen 0.9921
unset title
unset xlabel
unset ylabel
unset tics
unset border
unset grid
unset label
unset arrow
unset object
unset logscale
set key inside center center horizontal Left reverse
plot [0:1] [0:1] NaN with boxes fillcolor rgb '#cccccc' fillstyle solid 1 noborder title 'simulated', \
     NaN with lines linetype 1 linewidth 1.6 title 'exact', \
     NaN with lines linetype 3 linewidth 0.9 title 'Scale-inv-χ^2 at {/:Italic ρ_t}', \
     NaN with lines linetype 2 linewidth 0.9 title 'at {/:Italic ν_t}'
unset multiplot

unset output
